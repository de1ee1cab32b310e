import { type Hash, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Expectations of a file before it is downloaded. */
export interface Expectation {
  readonly bytes?: number | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  /** Git's name of the content: SHA-1 of `blob <size>`, a zero byte and the bytes. Only used together with `bytes`. */
  readonly gitBlob?: string | undefined;
}

/** Length and hash of a file. */
export interface Digest {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly gitBlob?: string | undefined;
}

/** Counts and hashes bytes. */
export class Digester {
  #bytes = 0;
  readonly #sha256: Hash = createHash('sha256');
  readonly #gitBlob: Hash | undefined;

  /** @param bytes - the size to come, if known: git's hash begins with it */
  constructor(bytes?: number) {
    if (bytes !== undefined) this.#gitBlob = createHash('sha1').update(`blob ${bytes}\0`);
  }

  /** Bytes seen so far. */
  get bytes(): number {
    return this.#bytes;
  }

  update(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    this.#sha256.update(chunk);
    this.#gitBlob?.update(chunk);
  }

  /** The result; nothing can be added afterwards. */
  end(): Digest {
    return { bytes: this.#bytes, sha256: this.#sha256.digest('hex'), gitBlob: this.#gitBlob?.digest('hex') };
  }
}

/** Computes the digest of a file. */
export async function digestFile(file: string, expectation: Expectation): Promise<Digest> {
  const digester = new Digester(expectation.bytes);
  for await (const chunk of createReadStream(file)) digester.update(chunk as Buffer);
  return digester.end();
}

/** Whether the content is pinned by a hash, not just by its length. */
export function isPinned({ bytes, sha256, gitBlob }: Expectation): boolean {
  return sha256 !== undefined || (gitBlob !== undefined && bytes !== undefined);
}

/** The first difference as the rest of a message, or undefined. */
export function findMismatch(expected: Expectation, found: Digest): string | undefined {
  if (expected.bytes !== undefined && found.bytes !== expected.bytes)
    return `it has ${found.bytes} bytes instead of ${expected.bytes}`;
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256)
    return `its SHA-256 is ${found.sha256} instead of ${expected.sha256}`;
  if (expected.bytes !== undefined && expected.gitBlob !== undefined && found.gitBlob !== expected.gitBlob)
    return `its git hash is ${found.gitBlob ?? 'unknown'} instead of ${expected.gitBlob}`;
  return undefined;
}
