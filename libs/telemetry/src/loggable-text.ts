import { REDACTED } from './secret-fields';

/** Characters of one text in a log line; the rest is cut. */
const MAX_CHARACTERS = 2000;

/** User and password in an address such as `redis://user:password@host`. */
const ADDRESS_CREDENTIALS = /:\/\/[^\s/]*@/g;

/** A text as it may stand in a log line: well-formed, not too long, addresses without their passwords. */
export function loggableText(text: string): string {
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}... [${text.length} characters]` : text;
  return cut.toWellFormed().replace(ADDRESS_CREDENTIALS, `://${REDACTED}@`);
}
