import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantise } from '@smart-support/storm';

/**
 * Writes the vectors of the training tickets, one byte for each number, and a description of them.
 * @param directory - made if it is not there
 */
export function writeSeedReference(
  directory: string,
  vectors: readonly Float32Array[],
  embedder: { readonly name: string; readonly version: string },
): void {
  mkdirSync(directory, { recursive: true });
  const dimensions = vectors[0]?.length ?? 0;
  const bytes = Buffer.concat(vectors.map((vector) => Buffer.from(quantise(vector).numbers.buffer)));
  writeFileSync(join(directory, 'vectors.int8'), bytes);
  const about = { model: `${embedder.name} ${embedder.version}`, dimensions, tickets: vectors.length };
  writeFileSync(join(directory, 'about.json'), `${JSON.stringify(about, null, 2)}\n`);
  console.log(`${vectors.length} tickets in the seed reference, ${bytes.length} bytes`);
}
