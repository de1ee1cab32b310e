import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantise } from '@smart-support/storm';

/**
 * Writes the seed reference of the burst detector: the vectors of the training tickets, one byte per number, one after another, and beside them a description.
 * @param directory - created if it does not exist
 */
export function writeSeedReference(
  directory: string,
  vectors: readonly Float32Array[],
  embedder: { readonly name: string; readonly version: string },
): void {
  mkdirSync(directory, { recursive: true });
  const bytes = Buffer.concat(vectors.map((vector) => Buffer.from(quantise(vector).numbers.buffer)));
  writeFileSync(join(directory, 'vectors.int8'), bytes);
  const about = {
    model: `${embedder.name} ${embedder.version}`,
    dimensions: vectors[0]?.length ?? 0,
    tickets: vectors.length,
  };
  writeFileSync(join(directory, 'about.json'), `${JSON.stringify(about, null, 2)}\n`);
  console.log(`Seed reference: ${vectors.length} tickets, ${bytes.length} bytes`);
}
