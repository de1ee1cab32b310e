import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SeedReference, seedReference } from '@smart-support/storm';

/** Beside the sources; from `dist` it is as far as from `src`. */
const DIRECTORY = join(__dirname, '../usual-tickets');

/** Vectors of 2,448 invented tickets by the bundled all-MiniLM-L6-v2: what is usual until a service has tickets of its own. Reads a megabyte. */
export function readUsualTickets(): SeedReference {
  const { model, dimensions } = JSON.parse(readFileSync(join(DIRECTORY, 'about.json'), 'utf8')) as About;
  return seedReference(model, readFileSync(join(DIRECTORY, 'vectors.int8')), dimensions);
}

interface About {
  readonly model: string;
  readonly dimensions: number;
}
