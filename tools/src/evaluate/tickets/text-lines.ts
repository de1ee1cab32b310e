import { createReadStream } from 'node:fs';

/** Longest record of a file, in characters: a quote that is never closed must not take in the whole file. */
export const LONGEST_RECORD = 1_000_000;

/** The text of a file, piece by piece. @throws Error that names the file and, if it is no UTF-8, the line */
export async function* textOfFile(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decoded = (bytes?: Buffer): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new Error(`${file}, line ${line} or soon after it: not UTF-8 text; save the file as UTF-8`, { cause });
    }
  };
  try {
    for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
      const text = decoded(bytes);
      yield text;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1;
    }
    yield decoded();
  } catch (error) {
    throw isSystemError(error) ? new Error(`${file}: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

/** The lines of a file, with their numbers from 1. Only a line feed ends a line: JSON may hold the other separators. */
export async function* linesOfFile(file: string): AsyncGenerator<readonly [line: string, number: number]> {
  let rest = '';
  let number = 1;
  for await (const text of textOfFile(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield [line, number++];
    if (rest.length > LONGEST_RECORD) {
      throw new Error(`${file}, line ${number}: longer than ${LONGEST_RECORD.toLocaleString('en')} characters`);
    }
  }
  if (rest !== '') yield [rest, number];
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'syscall' in error;

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'a directory, not a file';
  if (code === 'EACCES') return 'may not be read';
  return message;
}
