/** Where features occurred: the words of a text in order and, for every occurrence, the word or words it covers. */
export class OccurrenceLog {
  /** The cleaned words, stop words included. */
  readonly words: string[] = [];
  readonly #features: number[] = [];
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  /** Takes a word over from a buffer whose first code is the boundary before it. Returns the word's number. */
  addWord(codes: Uint16Array, length: number): number {
    this.words.push(String.fromCharCode(...codes.subarray(1, length + 1)));
    return this.words.length - 1;
  }

  /** Notes one occurrence of a feature from one word to another (the same one, except for pairs). */
  add(feature: number, firstWord: number, lastWord: number): void {
    this.#features.push(feature);
    this.#first.push(firstWord);
    this.#last.push(lastWord);
  }

  /** Goes through all occurrences; `term` is the word, or the two words of a pair. */
  forEach(visit: (feature: number, term: string) => void): void {
    for (let i = 0; i < this.#features.length; i++) {
      const first = this.#first[i] as number;
      const last = this.#last[i] as number;
      const term = first === last ? this.words[first] : `${this.words[first]} ${this.words[last]}`;
      visit(this.#features[i] as number, term as string);
    }
  }
}
