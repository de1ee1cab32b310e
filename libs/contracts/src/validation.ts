import type { z } from 'zod';
import { type ErrorCode, type InputIssue, SmartSupportError } from './errors';

/**
 * Control characters, which forge lines and move the cursor where a name is shown, and characters that make a text run in another direction than
 * the one in which it is stored.
 */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const EACH_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** Tab, line feed and carriage return, alone or several: where a mail header was folded, for example. */
const LINE_ENDS = /[\t\n\r]+/g;

/** Whether a text can be shown on one line as it is. */
export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

/** The text on one line: a space in place of tabs and ends of lines, and without other characters that cannot be shown. */
export function printable(text: string): string {
  return text.replace(LINE_ENDS, ' ').replace(EACH_UNPRINTABLE, '');
}

const DATE_TIME =
  /^(?<date>\d{4}-\d\d-\d\d)[t ](?<time>(?:[01]\d|2[0-3]):[0-5]\d)(?::(?<seconds>[0-5]\d)(?:[.,](?<fraction>\d+))?)? ?(?<offset>z|utc|gmt|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)(?:\[[\w/+-]+\])?$/i;

/**
 * A date-time with an offset, spelt as RFC 3339 does: `2026-01-02T03:04:05+01:00`. Read are the spellings that clients send: offsets without
 * a colon or without minutes (`+0100`, `+01`), `UTC` and `GMT`, no seconds, a space in place of the `T` or before the offset, a comma
 * before the fraction, and the name of a time zone behind it (`[Europe/Berlin]`).
 * @returns `undefined` for everything else, also for a day that its month does not have
 */
export function rfc3339(text: string): string | undefined {
  const { date = '', time, seconds = '00', fraction, offset = '' } = DATE_TIME.exec(text)?.groups ?? {};
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  return `${date}T${time}:${seconds}${fraction === undefined ? '' : `.${fraction}`}${rfc3339Offset(offset)}`;
}

function rfc3339Offset(offset: string): string {
  if (!/^[+-]/.test(offset)) return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** Most problems of one input that are named: an input of a thousand mistakes must not make an answer of a thousand sentences. */
const MAX_ISSUES = 20;

/** The problems that a schema found, with their field paths. */
export function issuesOf(error: z.ZodError): InputIssue[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/**
 * An error that lists every problem in its message and in its `issues`.
 * @param what - what is not valid, for example `ticket`
 */
export function invalid(
  what: string,
  issues: readonly InputIssue[],
  options: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): SmartSupportError {
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  const { code = 'invalid_input', cause } = options;
  return new SmartSupportError(code, `The ${what} is not valid: ${list}`, { cause, issues });
}

/** The first issues of many, and one that counts the rest. */
export function limited(issues: readonly InputIssue[]): readonly InputIssue[] {
  const more = issues.length - MAX_ISSUES;
  return more > 0 ? [...issues.slice(0, MAX_ISSUES), { path: '', message: `and ${more} more problems` }] : issues;
}

/** An error of code `invalid_input` with the first of many issues. See {@link invalid}. */
export function invalidInput(what: string, issues: readonly InputIssue[]): SmartSupportError {
  return invalid(what, limited(issues));
}

/**
 * Checks what a client sent against a schema.
 * @param what - names the value in the error's sentence, for example `ticket`
 * @returns the cleaned value
 * @throws SmartSupportError `invalid_input` with one issue per problem, at most twenty and then one that counts the rest
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(what, issuesOf(result.error));
}

/** Parsers drop white space and control characters in silence, and mend a missing slash or host with whatever comes next. */
const HTTP_URL = /^https?:\/\/(?![/?#\\])[\x21-\x7e]+$/i;

/** Whether a text is an `http:` or `https:` URL as it is: visible ASCII, with a host. */
export function isHttpUrl(text: string): boolean {
  return HTTP_URL.test(text) && URL.canParse(text);
}
