import type { TicketInput } from './ticket';

/**
 * By what two requesters are compared: without white space around, without case, and of a mail address without the name that is
 * displayed, so that `Mara Lind <Mara@Example.com>` and `mara@example.com` are one person.
 * @returns `null` for none, an empty one and one of white space only: such tickets have no requester in common
 */
export function requesterKey(requester: string | null | undefined): string | null {
  if (!requester) return null;
  const text = requester.replaceAll(INVISIBLE, '').trim();
  return addressIn(withoutListEnd(text)).normalize('NFC').toLowerCase() || null;
}

/** Invisible characters of pasted addresses. */
const INVISIBLE = /[\u200B-\u200D\u2060\uFEFF]/gu;

/** Without the comma or semicolon by which a list of addresses goes on. */
function withoutListEnd(text: string): string {
  return /[,;]$/.test(text) ? text.slice(0, -1).trimEnd() : text;
}

/** The address in `name <address>`, `name <address> (remark)`, `address (name)`, `name (address)` and `mailto:address`; any other text as it is. */
function addressIn(text: string): string {
  if (/^mailto:/i.test(text)) return text.slice('mailto:'.length).trim();
  const start = text.endsWith('>') ? text.lastIndexOf('<') : -1;
  if (start >= 0) {
    const address = text.slice(start + 1, -1).trim();
    if (address.includes('@')) return address;
    return address === '' ? text.slice(0, start).trim() : text;
  }
  const comment = text.endsWith(')') ? text.indexOf('(') : -1;
  const before = text.slice(0, Math.max(comment, 0)).trim();
  if (before.endsWith('>')) return addressIn(before);
  const inside = comment >= 0 ? text.slice(comment + 1, -1).trim() : '';
  return [before, inside].find((address) => address.includes('@') && !/\s/.test(address)) ?? text;
}

/**
 * What two offers of one ticket have in common: subject and text, whatever their line ends and the white space at the end of a line or of
 * the whole. Texts are equal exactly if these are.
 */
export function contentKey({ subject, text }: Pick<TicketInput, 'subject' | 'text'>): string {
  const title = withoutTrailingSpace(subject ?? '');
  // Its length keeps the end of a subject apart from the beginning of a text.
  return `${title.length} ${title}${withoutTrailingSpace(text)}`;
}

function withoutTrailingSpace(text: string): string {
  // Most texts of forms are one line; every ticket comes along here.
  if (!text.includes('\n') && !text.includes('\r')) return text.trimEnd();
  const lines = text.split(/\r\n|\r|\n/);
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}
