import type { Answer } from '../thread-protocol';

/** What an entry takes beside its key and values, in bytes: objects, map slot. An estimate. */
const OVERHEAD_BYTES = 256;

/** Bytes for each answer on average: a ticket of a thousand characters and a vector of 384 numbers take 3.8 KB. */
const BYTES_PER_ENTRY = 4096;

/** Answers of the texts that were asked for last, bounded by their number and by their size. */
export class AnswerCache {
  private readonly answers = new Map<string, Answer>();
  private bytes = 0;

  /** @param entries - answers kept at most; 0 keeps none */
  constructor(private readonly entries: number) {}

  get size(): number {
    return this.answers.size;
  }

  /** The answer under a key, which now counts as the last one used. */
  get(key: string): Answer | undefined {
    const answer = this.answers.get(key);
    if (answer) {
      this.answers.delete(key);
      this.answers.set(key, answer);
    }
    return answer;
  }

  /** Whether there is an answer under a key. */
  has(key: string): boolean {
    return this.answers.has(key);
  }

  /** Caches an answer and evicts the least recently used ones. An answer larger than the whole cache is not cached. */
  put(key: string, answer: Answer): void {
    this.drop(key);
    if (sizeOf(key, answer) > this.entries * BYTES_PER_ENTRY) return;
    this.answers.set(key, answer);
    this.bytes += sizeOf(key, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= this.entries && this.bytes <= this.entries * BYTES_PER_ENTRY) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const answer = this.answers.get(key);
    if (!answer) return;
    this.answers.delete(key);
    this.bytes -= sizeOf(key, answer);
  }
}

function sizeOf(key: string, { values }: Answer): number {
  return key.length * 2 + values.byteLength + OVERHEAD_BYTES;
}
