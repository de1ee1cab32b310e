import { isNativeError } from 'node:util/types';

/** A model could not be fetched, with a message for the user. A retry does not help. */
export class FetchFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The server has no such file. */
export class NotOnServer extends FetchFailed {}

/** The connection broke or the server was busy: a retry may help. */
export class TryAgain extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TryAgain';
  }
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large for this disk',
  EACCES: 'writing there is not allowed',
  EPERM: 'writing there is not allowed',
  EROFS: 'the disk is read-only',
  EISDIR: 'there is a directory of that name',
  EEXIST: 'a file is where a directory should be',
  ENOTDIR: 'a file is where a directory should be',
};

/** The code of a Node.js error, such as `ECONNRESET`. */
export function errorCode(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error ? String(error.code) : undefined;
}

/** Turns an error of the file system into a message that names the file; other errors pass through. */
export function explainFileError(file: string, error: unknown): unknown {
  const code = 'syscall' in Object(error) ? errorCode(error) : undefined;
  if (code === undefined) return error;
  const explanation = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : `the file system reports ${code}`;
  return new FetchFailed(`${file} could not be written: ${explanation}.`, { cause: error });
}
