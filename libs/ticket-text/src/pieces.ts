/** What is left of a text with markup, in order: text as it was written, and what its tags leave. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly preformatted: boolean; readonly quoted: boolean }
  | { readonly kind: 'line' | 'blank' };

/** Characters without a shape, where they stand for a whole word, as in the padding of mail previews. */
const INVISIBLE_WORD = /(?<!\S)[\u034f\u00ad\u200b-\u200f\u2060]+(?!\S)/g;

/**
 * Joins pieces. Where tags make the lines, line ends of the source are white space as in HTML; in a text whose tags are
 * all inline they are the only lines there are, and stay. A quoted line begins with `>`, as in a mail without markup.
 * @param decodeEntities - applied to each text before white space is looked at
 */
export function joinPieces(pieces: readonly Piece[], decodeEntities: (text: string) => string): string {
  const tagsMakeLines = pieces.some(({ kind }) => kind === 'line');
  let beginsLine = true;
  const joined = pieces.map((piece) => {
    if (piece.kind !== 'text') {
      beginsLine ||= piece.kind === 'line';
      return piece.kind === 'line' ? '\n' : ' ';
    }
    const keepsLines = piece.preformatted || !tagsMakeLines;
    const text = decodeEntities(piece.text).replace(keepsLines ? /[^\S\n]+/g : /\s+/g, ' ');
    if (text.trim() === '') return text;
    const marked = piece.quoted && beginsLine ? `> ${text.trimStart()}` : text;
    beginsLine = false;
    return marked;
  });
  return joined
    .join('')
    .replace(INVISIBLE_WORD, '')
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n[ \n]*/g, (gap) => (tagsMakeLines || gap.indexOf('\n') === gap.lastIndexOf('\n') ? '\n' : '\n\n'))
    .trim();
}
