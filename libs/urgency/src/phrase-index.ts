import { beginningsOf, SYMBOLS, symbolOf } from './phrase-beginnings';
import { isWordCharacter } from './words';

/** A place where a phrase matched: whose phrase, and where in the text. */
export interface PhraseMatch {
  readonly owner: number;
  readonly start: number;
  /** The first character after the match. */
  readonly end: number;
}

interface IndexedPhrase {
  readonly owner: number;
  /** Sticky, so that it is tried at one place only. */
  readonly pattern: RegExp;
}

const QUESTION_MARK = 63;

/**
 * Many phrases looked for in one pass. A phrase is tried only at the start of a word or of a run of question marks, and only where the text
 * goes on as one of its matches could begin: a tree of beginnings leads to the few of the hundreds of phrases that are worth trying.
 * As every phrase has a bounded length, the time is linear in the text.
 */
export class PhraseIndex {
  /** The tree of beginnings: the node reached from a node by a symbol, 0 where no phrase goes on like that. */
  readonly #next: Uint16Array;
  /** The phrases with a beginning that ends at a node. */
  readonly #phrasesAt: (IndexedPhrase[] | undefined)[];

  /** @param phrases - for each owner (the number reported with a match) its patterns; see `Signal.phrases` for what they must look like */
  constructor(phrases: readonly (readonly RegExp[])[]) {
    const tree: number[][] = [[]];
    this.#phrasesAt = [undefined];
    phrases.forEach((patterns, owner) => {
      for (const { source } of patterns) {
        const phrase = { owner, pattern: new RegExp(source, 'y') };
        for (const beginning of beginningsOf(source)) this.#add(tree, beginning, phrase);
      }
    });
    this.#next = new Uint16Array(tree.length * SYMBOLS);
    tree.forEach((branches, node) =>
      branches.forEach((child, symbol) => (this.#next[node * SYMBOLS + symbol] = child)),
    );
  }

  #add(tree: number[][], beginning: readonly number[], phrase: IndexedPhrase): void {
    let node = 0;
    for (const symbol of beginning) {
      const branches = tree[node] ?? [];
      let child = branches[symbol];
      if (child === undefined) {
        child = tree.push([]) - 1;
        branches[symbol] = child;
        this.#phrasesAt.push(undefined);
      }
      node = child;
    }
    const here = (this.#phrasesAt[node] ??= []);
    if (!here.includes(phrase)) here.push(phrase);
  }

  /** Every match in a normalised text, by where it starts; of two that start together the longer first. */
  scan(text: string): PhraseMatch[] {
    const found: PhraseMatch[] = [];
    let inWord = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const isWord = isWordCharacter(code);
      const startsSigns = code === QUESTION_MARK && text.charCodeAt(at - 1) !== QUESTION_MARK;
      if (isWord ? !inWord : startsSigns) this.#tryAt(text, at, found);
      inWord = isWord;
    }
    return found;
  }

  #tryAt(text: string, start: number, found: PhraseMatch[]): void {
    const before = found.length;
    let node = 0;
    for (let at = start; at < text.length; at++) {
      const symbol = symbolOf(text.charCodeAt(at));
      node = symbol === 0 ? 0 : (this.#next[node * SYMBOLS + symbol] ?? 0);
      if (node === 0) break;
      const phrases = this.#phrasesAt[node];
      if (phrases === undefined) continue;
      for (const { owner, pattern } of phrases) {
        pattern.lastIndex = start;
        if (pattern.test(text)) found.push({ owner, start, end: pattern.lastIndex });
      }
    }
    if (found.length > before + 1) found.push(...found.splice(before).sort((a, b) => b.end - a.end));
  }
}
