import { invalidVector, type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';
import { type QuantisedSparseVector, quantisedSparseVector } from '../vectors/quantised-sparse-vector';

/** A {@link QuantisedSparseVector} as JSON. */
export interface EncodedWords {
  /** Base64 of the indices, four bytes each, little endian. */
  readonly indices: string;
  /** Base64 of the numbers, one byte each. */
  readonly numbers: string;
}

/** Base64 of the numbers of a {@link QuantisedVector}, one byte each. */
export function encodeDense({ numbers }: QuantisedVector): string {
  return base64(numbers);
}

/** Decodes {@link encodeDense}. @throws SmartSupportError `invalid_input` for an invalid vector */
export function decodeDense(text: string): QuantisedVector {
  return quantisedVector(bytesIn(text));
}

/** Encodes a sparse vector for JSON. */
export function encodeSparse({ indices, numbers }: QuantisedSparseVector): EncodedWords {
  const bytes = Buffer.alloc(indices.length * 4);
  for (let place = 0; place < indices.length; place += 1) bytes.writeUInt32LE(indices[place] as number, place * 4);
  return { indices: bytes.toString('base64'), numbers: base64(numbers) };
}

/** Decodes {@link encodeSparse}. @throws SmartSupportError `invalid_input` for an invalid vector */
export function decodeSparse({ indices, numbers }: EncodedWords): QuantisedSparseVector {
  const bytes = Buffer.from(indices, 'base64');
  if (bytes.length % 4 !== 0) throw invalidVector('is cut off');
  const read = new Uint32Array(bytes.length / 4);
  for (let place = 0; place < read.length; place += 1) read[place] = bytes.readUInt32LE(place * 4);
  return quantisedSparseVector(read, bytesIn(numbers));
}

function base64(numbers: Int8Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

function bytesIn(text: string): Int8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, 'base64');
  // A copy: small buffers are views on a shared pool, which would stay in memory.
  return new Int8Array(buffer, byteOffset, byteLength).slice();
}
