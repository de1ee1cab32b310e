/**
 * A form letter that a magazine printed for its readers: the same words, but everybody wants an answer of their own. It names nothing of their own: letters with
 * contract numbers would count as requests of single persons.
 */
export const FORM_LETTER =
  'I would like to know when my contract ends and which notice period applies to it. Please also send me an overview of all fees that I ' +
  'have paid within the last twelve months, and confirm that no renewal takes place without my consent.';
