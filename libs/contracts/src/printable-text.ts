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
