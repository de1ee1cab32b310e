import { z } from 'zod';

/** Fewest and most characters of a secret. */
const LENGTHS = { min: 16, max: 1024 } as const;

/** Where secrets come from that a file of settings names and does not contain. */
export interface SecretSources {
  /** The environment of the process; `{ "env": "NAME" }` is looked up in it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Reads a file for `{ "file": "path" }`; white space around its text does not count.
   * @throws any error if it cannot be read
   */
  readonly readFile?: (path: string) => string;
}

const writtenSecret = z.union(
  [z.string(), z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })],
  'must be a text, {"env": "NAME"} or {"file": "path"}',
);

/** A secret as a file of settings writes it: a text, `{ "env": "NAME" }` or `{ "file": "path" }`, looked up. Messages never quote it. */
export function secretSchema({ environment = {}, readFile }: SecretSources) {
  return writtenSecret.transform((written, context) => {
    const refuse = (message: string): string => {
      context.addIssue({ code: 'custom', message });
      return '';
    };
    let secret: string;
    if (typeof written === 'string') {
      secret = written;
    } else if ('env' in written) {
      const value = Object.hasOwn(environment, written.env) ? environment[written.env] : undefined;
      if (value === undefined || value === '') return refuse('names a variable that is not set');
      secret = value;
    } else {
      try {
        if (!readFile) throw new Error('no files are read here');
        secret = readFile(written.file).trim();
      } catch {
        return refuse('names a file that cannot be read');
      }
    }
    if (secret.length < LENGTHS.min || secret.length > LENGTHS.max) {
      return refuse(`must have ${LENGTHS.min} to ${LENGTHS.max} characters`);
    }
    return secret;
  });
}
