import { createReadStream, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandReader } from './command-reader';

/** Longer than any name of a key, a field, a ticket or an agent. */
const LONGEST_BYTES = 200;

/** Where Redis keeps its append-only file, in its directory. */
export const AOF_DIRECTORY = 'appendonlydir';

/** Redis arguments with which its append-only file stays what it is for the audit: every write from the first to the last. */
export const WHOLE_HISTORY = [
  '--auto-aof-rewrite-percentage',
  '0',
  '--aof-use-rdb-preamble',
  'no',
  '--aof-load-truncated',
  'yes',
] as const;

/**
 * Reads every write that Redis has made durable, in order, across its restarts.
 * @param directory - where Redis keeps its files
 */
export async function readAppendOnlyFile(
  directory: string,
  onCommand: (command: readonly string[]) => void,
): Promise<{ readonly bytes: number; readonly commands: number }> {
  const folder = join(directory, AOF_DIRECTORY);
  let bytes = 0;
  let commands = 0;
  for (const file of filesInOrder(folder)) {
    const reader = new CommandReader(LONGEST_BYTES);
    for await (const piece of createReadStream(join(folder, file), { highWaterMark: 1 << 20 })) {
      bytes += (piece as Buffer).length;
      for (const command of reader.read(piece as Buffer)) {
        commands += 1;
        onCommand(command);
      }
    }
  }
  return { bytes, commands };
}

/** The files that the manifest names: the base first, then what was added to it, by number. */
function filesInOrder(folder: string): string[] {
  const manifest = readdirSync(folder).find((name) => name.endsWith('.manifest'));
  if (manifest === undefined) throw new Error(`There is no append-only file in ${folder}`);
  return readFileSync(join(folder, manifest), 'utf8')
    .split('\n')
    .map((line) => /^file (?<name>\S+) seq \d+ type [bi]/.exec(line)?.groups?.['name'])
    .filter((name) => name !== undefined);
}
