import { UNREAD } from './elements';
import type { Piece } from './pieces';
import { type Tag, TagReader } from './tag-reader';

/** Markup that is no tag: how it begins, and what ends it. */
const DECLARATIONS = [
  { begin: /<!--/y, end: /-->/g },
  { begin: /<!(?:doctype(?=[\s>])|\[(?:if|endif)\b)|<\?xml(?=[\s:])/iy, end: />/g },
];

const CLOSING_TAGS = new Map(UNREAD.map((name) => [name, new RegExp(`</${name}(?=[\\s/>])`, 'gi')]));

/** What style sheets and scripts are full of, and sentences are not. */
const CODE = /\{/g;

/** Reads the markup of one text, front to back, in time linear in its length. */
export class MarkupReader {
  private readonly pieces: Piece[] = [];
  private readonly tags: TagReader;
  /** Whether something is markup beyond doubt. */
  private certain = false;
  /** How many `<pre>` are open. */
  private preformatted = 0;
  /** What is not in the rest of the text: it is not searched for again. */
  private readonly missing = new Set<RegExp>();

  constructor(private readonly text: string) {
    this.tags = new TagReader(text);
  }

  /** What is left without the markup, or `undefined` if none of it is markup beyond doubt. To be called once. */
  read(): readonly Piece[] | undefined {
    let textFrom = 0;
    for (let at = this.text.indexOf('<'); at !== -1;) {
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
    return this.certain ? this.pieces : undefined;
  }

  private addText(from: number, to: number): void {
    if (from === to) return;
    this.pieces.push({ kind: 'text', text: this.text.slice(from, to), preformatted: this.preformatted > 0 });
  }

  private addTag({ name, closing, effect, certain }: Tag): void {
    this.certain ||= certain;
    if (name === 'pre') this.preformatted = Math.max(0, this.preformatted + (closing ? -1 : 1));
    if (effect === 'line' || effect === 'blank') this.pieces.push({ kind: effect });
  }

  /** Behind a tag; for an element that is not read, before its closing tag. */
  private endOfElement({ name, closing, effect, end }: Tag): number {
    const closingTag = effect === 'unread' && !closing ? CLOSING_TAGS.get(name) : undefined;
    if (!closingTag) return end;
    const holdsCode = name === 'style' || name === 'script';
    return this.find(closingTag, end)?.index ?? (holdsCode ? this.endOfCutCode(end) : undefined) ?? end;
  }

  private endOfDeclaration(at: number): number | undefined {
    for (const { begin, end } of DECLARATIONS) {
      begin.lastIndex = at;
      if (!begin.test(this.text)) continue;
      const found = this.find(end, at + 2);
      if (!found) return this.endOfCutCode(at);
      this.certain = true;
      return found.index + found[0].length;
    }
    return undefined;
  }

  /** The end of the text, if what begins here was cut off amid code; a sentence about `<style>` has none. */
  private endOfCutCode(from: number): number | undefined {
    if (!this.find(CODE, from)) return undefined;
    this.certain = true;
    return this.text.length;
  }

  private find(pattern: RegExp, from: number): RegExpExecArray | undefined {
    if (this.missing.has(pattern)) return undefined;
    pattern.lastIndex = from;
    const found = pattern.exec(this.text);
    if (!found) this.missing.add(pattern);
    return found ?? undefined;
  }
}
