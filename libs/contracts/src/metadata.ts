import { z } from 'zod';
import { isPrintable } from './validation';

const MAX_ENTRIES = 64;

/** Longest name of an entry, in Unicode code points. */
const MAX_NAME = 128;

/** Longest text of an entry, in Unicode code points. */
const MAX_VALUE = 1024;

/** Most characters (UTF-16 code units) of all entries together, as JSON. */
const MAX_JSON = 8192;

/** Message for a name or a text of metadata with control characters: these are left out, and the rest stays. */
export const NOT_PRINTABLE = 'must have no control characters';

const value = z.union(
  [z.string().max(MAX_VALUE, `must have at most ${MAX_VALUE} characters`), z.number(), z.boolean(), z.null()],
  'must be a string, a number, a boolean or null',
);

function hasFewEntries(metadata: unknown): boolean {
  return (
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.keys(metadata).length <= MAX_ENTRIES
  );
}

/** What a caller wants to have kept with a ticket: named texts, numbers and switches, few and short. */
export const metadataSchema = z
  // Counted first: checking half a million entries one by one would take the time that the limit is there to save.
  .custom<object>(hasFewEntries, `must be an object with at most ${MAX_ENTRIES} entries`)
  .superRefine((metadata, context) => {
    for (const name of Object.keys(metadata)) {
      // As a property of an object, this name is no name.
      if (name !== '__proto__' && isPrintable(name)) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'must have a name without control characters, not __proto__',
      });
    }
  })
  .pipe(z.record(z.string().max(MAX_NAME), value))
  .superRefine((metadata, context) => {
    let length = 2;
    for (const [name, each] of Object.entries(metadata)) {
      length += JSON.stringify(name).length + JSON.stringify(each).length + 2;
      if (length > MAX_JSON) {
        const message = `must have at most ${MAX_JSON} characters of JSON together with the entries before it`;
        context.addIssue({ code: 'custom', path: [name], message });
      } else if (typeof each === 'string' && !isPrintable(each)) {
        context.addIssue({ code: 'custom', path: [name], message: NOT_PRINTABLE });
      }
    }
  })
  .transform((metadata) =>
    Object.fromEntries(
      Object.entries(metadata).map(([name, each]) => [
        name.toWellFormed(),
        typeof each === 'string' ? each.toWellFormed() : each,
      ]),
    ),
  );
