/** A form letter that a magazine printed for its readers: the same words, but everybody wants an answer of their own. */
const LETTER =
  'I would like to know when my contract ends and which notice period applies to it. Please also send me an overview of all fees that I ' +
  'have paid within the last twelve months, and confirm that no renewal takes place without my consent.';

/** The letter of one customer. @param random - a number in [0, 1) */
export function letterText(random: () => number): string {
  const contract = String(100_000 + Math.floor(random() * 900_000));
  return `${LETTER} Contract number ${contract}.`;
}
