import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The version of a program, as its logs, its metrics and `GET /health` show it.
 * @param directory - where its `package.json` is
 */
export function packageVersion(directory: string): string {
  return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string }).version;
}
