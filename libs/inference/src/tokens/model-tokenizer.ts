import type { JsonObject } from '../directory/json-file';
import { type HuggingFaceTokenizer, makeTokenizer } from './hugging-face-tokenizer';

/** What the network reads of a text. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** 0 for the first text, as a rule 1 for the second. */
  readonly typeIds: readonly number[];
  /** How many of them stand for words that the vocabulary does not have. */
  readonly unknown: number;
  /** Whether the end of the text was cut off. */
  readonly truncated: boolean;
}

/** The second text leaves no tokens for the first. */
export class PairTooLongError extends Error {}

/** Where the special tokens stand. */
interface Frame {
  readonly before: number;
  readonly total: number;
}

/**
 * Characters that are cut into tokens at first, for each token that the model reads: twice what ordinary text needs. Cutting all of a long text
 * could take seconds, far longer than the model, where it is made of words that no vocabulary knows.
 */
const CHARACTERS_PER_TOKEN = 8;

/** More tokens than any tokenizer makes of one word that it does not give up on (BERT gives up on words of more than 100 letters). */
const LONGEST_WORD_TOKENS = 128;

/** The beginning of a text, of so many characters at most, up to the end of a word if there is one. */
function wordsWithin(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const end = text.slice(0, characters).search(/\s\S*$/);
  // At least half of what was asked for, so that twice as much is always more.
  return text.slice(0, end > characters / 2 ? end : characters);
}

const A = '\u0001first';
const B = '\u0001second';

/** Cuts texts into tokens, never more than the model reads; special tokens at both ends are kept. */
export class ModelTokenizer {
  private readonly tokenizer: HuggingFaceTokenizer;
  private readonly unknownId: number | undefined;
  private readonly single: Frame;
  private readonly pair: Frame | undefined;

  /**
   * @param maxTokens - tokens at most, special tokens included
   * @throws Error if tokenizer.json does not describe a tokenizer, or its special tokens leave none for a text
   */
  constructor(
    tokenizer: JsonObject,
    config: JsonObject,
    private readonly maxTokens: number,
  ) {
    this.tokenizer = makeTokenizer(tokenizer, config);
    this.unknownId = unknownIdOf(tokenizer);
    this.single = this.frame() ?? { before: 0, total: 0 };
    this.pair = this.frame(B);
    if (this.single.total >= maxTokens) throw new Error(`special tokens take all ${maxTokens} tokens that fit`);
  }

  /** Whether it knows how to join two texts. */
  get joinsTexts(): boolean {
    return this.pair !== undefined;
  }

  /**
   * The tokens of a text, or of two joined texts.
   * @param second - never cut; the first text is cut for it
   * @throws PairTooLongError if the second text leaves no tokens for the first
   */
  encode(text: string, second?: string): EncodedText {
    for (let characters = CHARACTERS_PER_TOKEN * this.maxTokens; ; characters *= 2) {
      const beginning = wordsWithin(text, characters);
      const encoded = this.encodeWhole(beginning, second);
      // The last word may have been cut: what counts is that it lies beyond what is read.
      if (beginning.length === text.length || encoded.spare >= LONGEST_WORD_TOKENS) return encoded;
    }
  }

  private encodeWhole(text: string, second: string | undefined): EncodedText & { readonly spare: number } {
    const options = second === undefined ? {} : { text_pair: second };
    const full = this.tokenizer.encode(text, { ...options, return_token_type_ids: true });
    const typeIds = full.token_type_ids ?? full.ids.map(() => 0);
    const excess = full.ids.length - this.maxTokens;
    if (excess <= 0) {
      return { ids: full.ids, typeIds, unknown: this.unknownIn(full.ids), truncated: false, spare: 0 };
    }
    const frame = (second === undefined ? this.single : this.pair) ?? { before: 0, total: 0 };
    const secondLength =
      second === undefined ? 0 : this.tokenizer.encode(second, { add_special_tokens: false }).ids.length;
    const firstEnd = full.ids.length - secondLength - frame.total + frame.before;
    const cutFrom = firstEnd - excess;
    if (cutFrom < frame.before) throw new PairTooLongError();
    const cut = (ids: readonly number[]): number[] => [...ids.slice(0, cutFrom), ...ids.slice(firstEnd)];
    const ids = cut(full.ids);
    return { ids, typeIds: cut(typeIds), unknown: this.unknownIn(ids), truncated: true, spare: excess };
  }

  private unknownIn(ids: readonly number[]): number {
    return ids.reduce((count, id) => count + (id === this.unknownId ? 1 : 0), 0);
  }

  private frame(second: string | null = null): Frame | undefined {
    const { post_processor: processor } = this.tokenizer;
    if (!processor) return undefined;
    const { tokens } = processor.post_process([A], second === null ? null : [second], true);
    const before = tokens.indexOf(A);
    if (before < 0 || (second !== null && !tokens.includes(second))) return undefined;
    return { before, total: tokens.length - (second === null ? 1 : 2) };
  }
}

/** Which token stands for what the vocabulary does not have; `undefined` for a tokenizer that knows every byte. */
function unknownIdOf({ model }: JsonObject): number | undefined {
  const { unk_id, unk_token, vocab } = (model ?? {}) as {
    readonly unk_id?: unknown;
    readonly unk_token?: unknown;
    readonly vocab?: unknown;
  };
  if (typeof unk_id === 'number') return unk_id;
  const id =
    typeof unk_token === 'string' ? (vocab as Readonly<Record<string, unknown>> | undefined)?.[unk_token] : undefined;
  return typeof id === 'number' ? id : undefined;
}
