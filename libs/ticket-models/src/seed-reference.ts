import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SeedReference, seedReference } from '@smart-support/storm';

/** Resolves from `dist` as from `src`. */
const DIRECTORY = join(__dirname, '../seed-reference');

/** Reads the seed reference, a megabyte: vectors of 2,448 invented tickets by the bundled all-MiniLM-L6-v2, for a service without tickets of its own. */
export function readSeedReference(): SeedReference {
  const { model, dimensions } = JSON.parse(readFileSync(join(DIRECTORY, 'about.json'), 'utf8')) as About;
  return seedReference(model, readFileSync(join(DIRECTORY, 'vectors.int8')), dimensions);
}

interface About {
  readonly model: string;
  readonly dimensions: number;
}
