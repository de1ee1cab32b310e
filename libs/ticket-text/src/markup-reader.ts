import { UNREAD, VOID } from './elements';
import type { Piece } from './pieces';
import { type Tag, TagReader } from './tag-reader';

/** Markup that is no tag: how it begins, and what ends it. A sentence about `<!DOCTYPE` or `<?xml` begins none. */
const DECLARATIONS = [
  { begin: /<!--/y, end: /--!?>/g },
  { begin: /<!doctype\s+[a-z]+(?=\s*>|\s+(?:public|system)\b)/iy, end: />/g },
  { begin: /<!\[(?:if\b[^\]<>]*|endif)\]/iy, end: />/g },
  { begin: /<\?xml(?::\w+)?\s+\w+\s*=/iy, end: />/g },
];

const CLOSING_TAGS = new Map(UNREAD.map((name) => [name, new RegExp(`</${name}(?=[\\s/>])`, 'gi')]));

/** Elements whose contents are not read in the head of a mail; further down they are data that somebody shows, such as XML. */
const OF_HEAD = new Set(['title', 'xml']);

/** What style sheets and scripts are full of, and sentences are not: a brace, but not of `{"error": 5}` nor of a placeholder such as `{name}`, `{{name}}` and `{% if %}`. */
const CODE = /\{(?![{%"']|[\w .-]{0,40}\})/g;

/**
 * How a sentence goes on behind the name of a tag: with punctuation, or with two words in the same line of which the second is
 * neither called, set nor the end of a selector.
 */
const SENTENCE = new RegExp(
  `["'’”\`)\\],.;]{1,3}\\s|[^\\S\\n]+\\p{L}+[^\\S\\n]+\\p{L}+(?![\\p{L}\\w]|\\s*(?:[=(:;,.#>]|${CODE.source}))`,
  'uy',
);

/** Reads the markup of one text, front to back, in time linear in its length. */
export class MarkupReader {
  private readonly pieces: Piece[] = [];
  private readonly tags: TagReader;
  /** Whether something is markup beyond doubt. */
  private certain = false;
  /** Whether anything to read stands before the place that is looked at. */
  private hasText = false;
  /** Whether a `<head>` is open. */
  private inHead = false;
  /** How many `<pre>` are open. */
  private preformatted = 0;
  /** How many `<blockquote>` are open. */
  private quoted = 0;
  /** The outermost open element that is not shown, how many of its name are open, and its first piece. */
  private hiding: { readonly name: string; open: number; readonly from: number } | undefined;
  private readonly hidden = new Set<Piece>();
  /** What is not in the rest of the text: it is not searched for again. */
  private readonly missing = new Set<RegExp>();

  constructor(private readonly text: string) {
    this.tags = new TagReader(text);
  }

  /** What is left without the markup, or `undefined` if none of it is markup beyond doubt. To be called once. */
  read(): readonly Piece[] | undefined {
    let textFrom = 0;
    for (let at = this.text.indexOf('<'); at !== -1;) {
      this.hasText ||= /\S/.test(this.text.slice(textFrom, at));
      const tag = this.tags.read(at);
      const end = tag ? this.endOfElement(tag) : this.endOfDeclaration(at);
      if (end !== undefined) {
        this.addText(textFrom, at);
        if (tag) this.addTag(tag);
        textFrom = end;
      }
      at = this.text.indexOf('<', end ?? at + 1);
    }
    this.addText(textFrom, this.text.length);
    if (!this.certain) return undefined;
    const shown = this.pieces.filter((piece) => !this.hidden.has(piece));
    return shown.some((piece) => piece.kind === 'text' && /\S/.test(piece.text)) ? shown : this.pieces;
  }

  private addText(from: number, to: number): void {
    if (from === to) return;
    const quoted = this.quoted > 0;
    // A mark in front of each line of the source could make the text longer than it was.
    const preformatted = this.preformatted > 0 && !quoted;
    this.pieces.push({ kind: 'text', text: this.text.slice(from, to), preformatted, quoted });
  }

  private addTag(tag: Tag): void {
    const { name, closing, effect, certain } = tag;
    this.certain ||= certain;
    this.hide(tag);
    if (name === 'head') this.inHead = !closing;
    if (name === 'pre') this.preformatted = Math.max(0, this.preformatted + (closing ? -1 : 1));
    if (name === 'blockquote') this.quoted = Math.max(0, this.quoted + (closing ? -1 : 1));
    if (effect === 'line' || effect === 'blank') this.pieces.push({ kind: effect });
  }

  /** What is hidden is left out once its element ends: without that the rest of the text may be meant to be read. */
  private hide({ name, closing, hides }: Tag): void {
    if (!this.hiding) {
      if (hides && !VOID.has(name)) this.hiding = { name, open: 1, from: this.pieces.length };
      return;
    }
    if (name !== this.hiding.name) return;
    this.hiding.open += closing ? -1 : 1;
    if (this.hiding.open > 0) return;
    for (let at = this.hiding.from; at < this.pieces.length; at += 1) {
      const piece = this.pieces[at];
      if (piece) this.hidden.add(piece);
    }
    this.hiding = undefined;
  }

  /** Behind a tag; for an element that is not read, before its closing tag. */
  private endOfElement({ name, closing, effect, certain, end }: Tag): number {
    const closingTag = effect === 'unread' && !closing ? CLOSING_TAGS.get(name) : undefined;
    if (!closingTag || (OF_HEAD.has(name) && this.hasText && !this.inHead)) return end;
    const holdsCode = name === 'style' || name === 'script';
    if (holdsCode && this.isSentence(end)) return end;
    return this.find(closingTag, end)?.index ?? (holdsCode ? this.endOfCutCode(end, certain) : undefined) ?? end;
  }

  private endOfDeclaration(at: number): number | undefined {
    for (const { begin, end } of DECLARATIONS) {
      begin.lastIndex = at;
      if (!begin.test(this.text)) continue;
      const behind = begin.lastIndex;
      const found = this.find(end, at + 2);
      if (!found) return this.isSentence(behind) ? undefined : this.endOfCutCode(behind, false);
      this.certain = true;
      return found.index + found[0].length;
    }
    return undefined;
  }

  /**
   * The end of the text, if what begins here was cut off amid code. Only markup is cut: beyond doubt, or nothing else
   * stands before it; in any other text the rest is a person's.
   */
  private endOfCutCode(from: number, certain: boolean): number | undefined {
    if (!certain && !this.certain && this.hasText) return undefined;
    if (!this.find(CODE, from)) return undefined;
    this.certain = true;
    return this.text.length;
  }

  /** Whether a sentence goes on here: somebody writes about the tag that stands before. */
  private isSentence(from: number): boolean {
    SENTENCE.lastIndex = from;
    return SENTENCE.test(this.text);
  }

  private find(pattern: RegExp, from: number): RegExpExecArray | undefined {
    if (this.missing.has(pattern)) return undefined;
    pattern.lastIndex = from;
    const found = pattern.exec(this.text);
    if (!found) this.missing.add(pattern);
    return found ?? undefined;
  }
}
