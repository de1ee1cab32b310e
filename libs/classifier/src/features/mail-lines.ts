/** What a line of a mail is: its own words, another's quoted words, or something that says nothing about the matter. */
export type LineKind = 'plain' | 'quoted' | 'skipped';

/** A line and where its words begin and where the line ends (the position of the line feed or of the text's end). */
export interface MailLine {
  kind: LineKind;
  begin: number;
  end: number;
}

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x3e;
const DASH = 0x2d;
const COLON = 0x3a;

/** Header fields that name people and times. "Subject:" is not among them: its words are the matter. */
const HEADER_FIELDS = new Set(['from', 'to', 'cc', 'bcc', 'sent', 'date', 'reply-to']);
const LONGEST_FIELD = 8;

/** A signature ends with the first empty line, and after this many lines at the latest. */
const SIGNATURE_LINES = 5;

/** Walks over the lines of a text, each character looked at a bounded number of times. */
export class MailLines {
  readonly #text: string;
  readonly #line: MailLine = { kind: 'plain', begin: 0, end: -1 };
  #signatureLeft = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next line, or `undefined` after the last. The object is the same one every time. */
  next(): MailLine | undefined {
    const text = this.#text;
    let begin = this.#line.end + 1;
    if (begin > text.length) return undefined;
    const feed = text.indexOf('\n', begin);
    const end = feed < 0 ? text.length : feed;
    let quoted = false;
    for (; begin < end; begin++) {
      const code = text.charCodeAt(begin);
      if (code === QUOTE) quoted = true;
      else if (code !== SPACE && code !== TAB) break;
    }
    this.#line.begin = begin;
    this.#line.end = end;
    this.#line.kind = this.#isSkipped(begin, end) ? 'skipped' : quoted ? 'quoted' : 'plain';
    return this.#line;
  }

  #isSkipped(begin: number, end: number): boolean {
    if (this.#signatureLeft > 0) {
      const blank = this.#isBlank(begin, end);
      this.#signatureLeft = blank ? 0 : this.#signatureLeft - 1;
      return true;
    }
    if (this.#isSignatureMark(begin, end)) {
      this.#signatureLeft = SIGNATURE_LINES;
      return true;
    }
    const colon = this.#colonNear(begin, end);
    return colon > begin && HEADER_FIELDS.has(this.#text.slice(begin, colon).trimEnd().toLowerCase());
  }

  /** Two dashes alone on a line, the mark that mail programs set above a signature. */
  #isSignatureMark(begin: number, end: number): boolean {
    const text = this.#text;
    if (text.charCodeAt(begin) !== DASH || begin + 1 >= end || text.charCodeAt(begin + 1) !== DASH) return false;
    return this.#isBlank(begin + 2, end);
  }

  #isBlank(begin: number, end: number): boolean {
    for (let i = begin; i < end; i++) if (this.#text.charCodeAt(i) > SPACE) return false;
    return true;
  }

  #colonNear(begin: number, end: number): number {
    const last = Math.min(end, begin + LONGEST_FIELD + 2);
    for (let i = begin; i < last; i++) if (this.#text.charCodeAt(i) === COLON) return i;
    return -1;
  }
}
