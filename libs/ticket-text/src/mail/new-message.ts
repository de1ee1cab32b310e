import { readableText } from '../readable-text';
import { saysSomething } from '../says-something';
import { withoutBulk } from './bulk';
import { excerptOf } from './excerpt';
import {
  LONGEST_HEADER,
  endOfFields,
  isAttribution,
  isDisclaimer,
  isSentFrom,
  isSignOff,
  mayBeginAttribution,
  mayBelongToSignature,
  separatorKind,
  subjectIn,
} from './mail-phrases';

/**
 * What a customer newly wrote in a mail, for everything that compares or understands texts: without markup, the mail that is answered, signatures and
 * disclaimers. Attachments pasted as text and all but the beginning of a stack trace are left out, and of a long text its middle.
 *
 * Nothing is taken out that leaves nothing said: a mail that is only a quotation is read as the quotation, a forwarded mail without a word of one's own
 * is the forwarded mail, and thanks above a quotation keep it. A text that is no mail stays as {@link readableText} gives it.
 *
 * @returns never longer than `text`; `''` if there is nothing to read. Takes time linear in the length of `text`
 */
export function newMessageOf(text: string): string {
  const lines = excerptOf(readableText(text), LOOKED_AT)
    .split(/\r\n?|\n/)
    .filter((line, at, all) => line.trim() !== '' || (all[at - 1] ?? '').trim() !== '');
  const message = messageOf(lines);
  return excerptOf(joined(unlessSilent(withoutBulk(message), message)));
}

/** Of a longer text the middle is not looked at. */
const LOOKED_AT = { beginning: 24_576, end: 8_192 };

/** A forwarded mail is read too where no more words stand above it: these say what to do with it and not what it is about. */
const FEW_WORDS = 25;

/** Who says so writes between the lines of the mail that is answered. */
const POINTS_BELOW =
  /\b(?:answers?|comments?|replies|see|written)\s+(?:are\s+|is\s+|in\s+\w+\s+)?(?:below|inline|in\s+(?:red|blue|green|bold))\b|\bsee\s+(?:my\s+)?(?:answers?|comments?)\s+(?:below|inline)|siehe\s+unten|(?:weiter\s+)?unten\s+im\s+text|ci-dessous|más\s+abajo|qui\s+sotto|zie\s+onder/iu;

/** In a longer thread, mails further down are not looked for. */
const MOST_MAILS = 20;

/** The lines of the newest mail of several, without what stands around its words. */
function messageOf(lines: readonly string[]): readonly string[] {
  const own: string[] = [];
  let words = 0;
  let from = 0;
  for (let mails = 0; mails < MOST_MAILS && from < lines.length; mails += 1) {
    const { end, next, kind, subject } = cutOf(lines, from);
    const written = closed(withoutQuotation(lines.slice(from, end)));
    own.push(...written);
    words += joined(written).split(/\s+/).length;
    if (next === undefined) break;
    const isSaid = saysSomething(joined(own));
    const isAnsweredBelow = kind === 'reply' && POINTS_BELOW.test(joined(own));
    if (isSaid && !isAnsweredBelow && (kind === 'reply' || words > FEW_WORDS)) break;
    if (subject !== undefined && !isSaid) own.push(subject);
    from = next;
  }
  return unlessSilent(own, lines.map(unquoted));
}

/** Where a mail ends, and where the one begins that it answers or passes on. */
interface Cut {
  /** The line behind its last one. */
  readonly end: number;
  /** First line of the next mail; `undefined` if there is none. */
  readonly next?: number;
  readonly kind?: 'reply' | 'forward';
  readonly subject?: string | undefined;
}

/** How many lines an attribution may be wrapped into. */
const LINES_OF_ATTRIBUTION = 3;

function cutOf(lines: readonly string[], from: number): Cut {
  for (let at = from; at < lines.length; at += 1) {
    const kind = separatorKind(lines[at] ?? '');
    const fieldsAt = kind === undefined ? at : nextWritten(lines, at + 1);
    const fieldsEnd = endOfFields(lines, fieldsAt);
    if (fieldsEnd !== undefined) {
      const subject = subjectIn(lines.slice(fieldsAt, fieldsEnd));
      const wasForwarded =
        kind ?? (/^\s*(?:fwd?|wg|tr|rv|enc|i|v[bs]|pd)\s*:/iu.test(subject ?? '') ? 'forward' : 'reply');
      return { end: at, next: fieldsEnd, kind: kind === 'forward' ? kind : wasForwarded, subject };
    }
    if (kind !== undefined) return { end: at, next: at + 1, kind };
    const end = endOfAttribution(lines, at);
    const below = end === undefined ? at : nextWritten(lines, end);
    // Above lines with `>` it is left out with these: what stands between and below them is the customer's.
    if (end !== undefined && !isQuoted(lines[below])) return { end: at, next: end, kind: 'reply' };
  }
  return { end: lines.length };
}

function endOfAttribution(lines: readonly string[], at: number): number | undefined {
  let header = '';
  for (let end = at; end < Math.min(at + LINES_OF_ATTRIBUTION, lines.length); end += 1) {
    const line = (lines[end] ?? '').trim();
    if (line === '') return undefined;
    header = header === '' ? line : `${header} ${line}`;
    if (isAttribution(header, lines[nextWritten(lines, end + 1)])) return end + 1;
    if (!mayBeginAttribution(header)) return undefined;
  }
  return undefined;
}

/** The first line from here on that is not empty, at most three further. */
function nextWritten(lines: readonly string[], from: number): number {
  let at = from;
  while (at < from + 3 && (lines[at] ?? 'end').trim() === '') at += 1;
  return at;
}

const QUOTE_MARK = /^\s{0,3}(?:>\s?)+/u;
const isQuoted = (line: string | undefined): boolean =>
  line !== undefined && QUOTE_MARK.test(line.slice(0, LONGEST_HEADER));
const unquoted = (line: string): string =>
  isQuoted(line) ? line.slice(0, LONGEST_HEADER).replace(QUOTE_MARK, '') + line.slice(LONGEST_HEADER) : line;

/** Whether quoted lines stand above all that is said: an answer to them follows. A single one may be a sign of something else. */
function beginsQuoted(lines: readonly string[]): boolean {
  const first = lines.findIndex(isQuoted);
  const isAlone = !lines.slice(first + 1).some((line) => line.trim() !== '');
  return (isAlone || isQuoted(lines[first + 1])) && !saysSomething(joined(lines.slice(0, first)));
}

/** Leaves out lines that `>` marks as quoted, from what introduces the first on. Without that they may be a list, or what somebody typed into a shell. */
function withoutQuotation(lines: readonly string[]): readonly string[] {
  if (!lines.some(isQuoted)) return lines;
  const kept: string[] = [];
  let isAnswer = beginsQuoted(lines);
  for (let at = 0; at < lines.length;) {
    const introduced = endOfAttribution(lines, at);
    const from = introduced === undefined ? at : nextWritten(lines, introduced);
    let end = from;
    while (end < lines.length && isQuoted(lines[end])) end += 1;
    isAnswer ||= introduced !== undefined && end > from;
    const next = Math.max(end, at + 1);
    if (end === from || !isAnswer) kept.push(...lines.slice(at, next));
    at = next;
  }
  return unlessSilent(kept, lines.map(unquoted));
}

/** The usual mark above a signature, which mail programs write. */
const SIGNATURE_MARK = '-- ';
/** Marks above signatures that also stand elsewhere. */
const LIKE_SIGNATURE_MARK = /^\s*(?:--|_{2,40}|—)\s*$/u;
/** Lines of a signature without the usual mark. */
const LONGEST_SIGNATURE = 14;

/** Without what closes a mail, or stands around all mails of a company: its words are the rest. */
function closed(lines: readonly string[]): readonly string[] {
  const own = unlessSilent(withoutNotices(lines), lines);
  const mark = own.indexOf(SIGNATURE_MARK);
  const above = mark < 0 || !isSignature(own.slice(mark + 1)) ? own : unlessSilent(own.slice(0, mark), own);
  return unlessSilent(withoutSignature(above), above);
}

/** Whether most of what stands below a mark may be a signature. One line of a company's advertising may be among it. */
function isSignature(lines: readonly string[]): boolean {
  const written = lines.filter((line) => line.trim() !== '');
  return written.length <= LONGEST_SIGNATURE && 2 * written.filter(mayBelongToSignature).length > written.length;
}

function withoutNotices(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && (lines[end] ?? '').trim() !== '') end += 1;
    const paragraph = lines.slice(at, end);
    // A gateway's note stands in the line above a mail's first, without a blank one between them.
    if (!isDisclaimer(paragraph.slice(0, 8).join(' '))) kept.push(...paragraph.filter((line) => !isSentFrom(line)));
    else if (paragraph.length > 1 && isDisclaimer(paragraph[0] ?? '') && at === 0) kept.push(...paragraph.slice(1));
    if (end < lines.length) kept.push(lines[end] ?? '');
    at = end + 1;
  }
  return kept;
}

/** Looks from the end for the line that closes the letter, as far as what stands below it may be a signature. */
function withoutSignature(lines: readonly string[]): readonly string[] {
  let written = 0;
  let from: number | undefined;
  for (let at = lines.length - 1; at >= 0 && written <= LONGEST_SIGNATURE; at -= 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (isSignOff(line) || (LIKE_SIGNATURE_MARK.test(line.slice(0, LONGEST_HEADER)) && written > 0)) from = at;
    else if (!mayBelongToSignature(line)) break;
    written += 1;
  }
  if (from === undefined) return lines;
  const above = lines.slice(0, from);
  // Thanks alone are no end of a letter.
  return above.some((line) => line.trim() !== '') ? above : lines.slice(0, from + 1);
}

/** The shorter lines, unless only the others say something. */
function unlessSilent(shorter: readonly string[], lines: readonly string[]): readonly string[] {
  if (shorter.length === lines.length && shorter.every((line, at) => line === lines[at])) return lines;
  return saysSomething(joined(shorter)) || !saysSomething(joined(lines)) ? shorter : lines;
}

/** As one text, with at most one empty line in a row and none around it. */
const joined = (lines: readonly string[]): string =>
  lines
    .filter((line, at) => line.trim() !== '' || (lines[at - 1] ?? '').trim() !== '')
    .join('\n')
    .trim();
