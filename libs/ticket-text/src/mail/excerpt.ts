/**
 * What is read of a long text, in UTF-16 code units: its beginning, where people say what they want, and its end. The bundled model reads about 1,200
 * characters. The light models read all they get, and need tens of milliseconds for so much of the worst text.
 */
const BEGINNING = 4_096;
const END = 2_048;

/** How far from a cut a blank is looked for, so that no word is cut: half a word may be another one. */
const LONGEST_WORD = 64;

/**
 * A text of at most about 6,000 characters as it is; of a longer one the beginning and the end, on lines of their own.
 * @param shares - characters of the beginning and of the end
 */
export function excerptOf(text: string, { beginning: head, end: tail } = { beginning: BEGINNING, end: END }): string {
  if (text.length <= head + tail) return text;
  const beginning = text.slice(0, head);
  const end = text.slice(-tail);
  const lastBlank = beginning.slice(-LONGEST_WORD).search(/\s\S*$/);
  const firstBlank = end.slice(0, LONGEST_WORD).search(/\s/);
  const kept = lastBlank < 0 ? beginning : beginning.slice(0, lastBlank - LONGEST_WORD);
  // A cut between the halves of a character leaves none of it.
  return `${kept}\n${end.slice(firstBlank + 1)}`.toWellFormed();
}
