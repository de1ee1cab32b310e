/**
 * Texts in batches of about equal length, so that little of a batch is padding: sorted by length, then cut.
 * @param lengthOf - tokens of a text
 * @param size - texts in a batch; the last one may be smaller
 */
export function sortedBatches<Text>(
  texts: readonly Text[],
  lengthOf: (text: Text, index: number) => number,
  size: number,
): readonly (readonly Text[])[] {
  const sorted = texts
    .map((text, index) => ({ text, length: lengthOf(text, index) }))
    .sort((one, other) => one.length - other.length)
    .map(({ text }) => text);
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, at) => sorted.slice(at * size, (at + 1) * size));
}
