import { type Effect, effectOf } from './elements';

/** A tag of a known element. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  readonly closing: boolean;
  readonly effect: Effect;
  /** Where the text goes on. */
  readonly end: number;
  /** Whether it is markup beyond doubt: a closing tag, one with a quoted attribute, a line break. A sentence may name any other tag. */
  readonly certain: boolean;
  /** Whether its style hides the element. */
  readonly hides: boolean;
}

/** Elements that stand alone in markup, and hardly ever in a sentence. */
const CERTAIN = new Set(['br', 'hr', 'p', 'html', 'body']);

const NAME = /<(\/?)([a-z][a-z\d]*(?::[a-z][\w-]*)?)(?=[\s/>])/iy;
const ATTRIBUTE = /\s+[\w:-]+\s*=/y;
/** A sentence that lacks a quote may have one further on, but hardly with the end of a tag or another attribute behind it. */
const QUOTED_VALUE = /\s*(?:"[^"<]*"|'[^'<]*')(?=[\s/>])/y;
const BARE_END = /\s*\/?>/y;
const STYLE = /\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const HIDDEN = /\bdisplay\s*:\s*none\b/i;
/** The end of a tag, or the quote that begins a value: any other quote is a character like others. */
const BOUNDARY = />|=\s*["']/g;

/** Reads tags from one text, front to back, in time linear in its length. */
export class TagReader {
  /** Set once a quoted value has no end: from then on every tag ends at the next `>`, quoted or not. */
  private quotesIgnored = false;
  /** From here on there is no `>`. */
  private lastEnd = Infinity;

  constructor(private readonly text: string) {}

  /** The tag that begins at a `<`, or `undefined` where that is only a sign in the text. */
  read(at: number): Tag | undefined {
    const [, slash, written] = matchAt(NAME, this.text, at) ?? [];
    const effect = written && effectOf(written);
    if (!effect) return undefined;
    const afterName = NAME.lastIndex;
    const closing = slash === '/';
    const attribute = matchAt(ATTRIBUTE, this.text, afterName);
    // `a <b && c> d`: tags of one letter have no attributes without a value.
    if (written.length === 1 && !attribute && !matchAt(BARE_END, this.text, afterName)) return undefined;
    const valueFrom = ATTRIBUTE.lastIndex;
    const end = this.endFrom(afterName);
    if (end === undefined) return undefined;
    const name = written.toLowerCase();
    const isQuoted = (): boolean => Boolean(attribute && matchAt(QUOTED_VALUE, this.text, valueFrom));
    const [, doubleQuoted, singleQuoted] = STYLE.exec(this.text.slice(afterName, end)) ?? [];
    const hides = !closing && HIDDEN.test(doubleQuoted ?? singleQuoted ?? '');
    return { name, closing, effect, end, certain: closing || CERTAIN.has(name) || isQuoted(), hides };
  }

  /** The position after the `>` that ends a tag; a `>` inside quotes does not. */
  private endFrom(from: number): number | undefined {
    for (let at = from; !this.quotesIgnored;) {
      BOUNDARY.lastIndex = at;
      const boundary = BOUNDARY.exec(this.text);
      if (boundary?.[0] === '>') return BOUNDARY.lastIndex;
      const closing = boundary ? this.text.indexOf(boundary[0].slice(-1), BOUNDARY.lastIndex) : -1;
      if (closing === -1) this.quotesIgnored = true;
      at = closing + 1;
    }
    if (from >= this.lastEnd) return undefined;
    const end = this.text.indexOf('>', from);
    if (end === -1) this.lastEnd = from;
    return end === -1 ? undefined : end + 1;
  }
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}
