import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CATEGORIES } from '@smart-support/contracts';
import { z } from 'zod';
import { asRead, readLines } from '../dataset';

const fieldTextSchema = z.looseObject({ text: z.string().min(1), category: z.enum([...CATEGORIES, 'none']) });

/** A text by a stranger and its category; `none` is no ticket of any. */
export type FieldText = z.infer<typeof fieldTextSchema>;

/** One collection of texts by strangers. */
export interface FieldFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly texts: readonly FieldText[];
}

/**
 * Loads the collections of a folder that have categories: JSON lines with `text` and `category`, in the order of their names. They are no part of the repository and
 * nothing is trained on them; settings are chosen and confidence is calibrated by them.
 * @throws Error that names file, line and fault of a bad line
 */
export function loadFieldFiles(folder: string): FieldFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && !name.startsWith('urgency-'))
    .sort()
    .map((name) => ({
      name: basename(name, '.jsonl'),
      texts: readLines(join(folder, name), fieldTextSchema).map(asRead),
    }));
}
