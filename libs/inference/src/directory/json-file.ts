import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SmartSupportError } from '@smart-support/contracts';

/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object with named fields. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An `invalid_model` error with one sentence. */
export function invalidModel(sentence: string, cause?: unknown): SmartSupportError {
  return new SmartSupportError('invalid_model', sentence, { cause });
}

function isAbsence(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Reads a JSON file of a model directory, or `undefined` if it is not there.
 * @param name - path inside the directory
 * @param content - what the file should hold, for the error's sentence
 * @throws SmartSupportError `invalid_model` that names the file
 */
export async function readOptionalJson(
  directory: string,
  name: string,
  content: string,
): Promise<JsonObject | undefined> {
  const file = path.join(directory, name);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw invalidModel(`${file} cannot be read; expected ${content}.`, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw invalidModel(`${file} is not JSON; expected ${content}.`, error);
  }
  throw invalidModel(`${file} does not hold a JSON object; expected ${content}.`);
}

/**
 * Reads a JSON file that a model directory must have.
 * @throws SmartSupportError `invalid_model` that names the file, also when it is not there
 */
export async function readJson(directory: string, name: string, content: string): Promise<JsonObject> {
  const value = await readOptionalJson(directory, name, content);
  if (!value) throw invalidModel(`${path.join(directory, name)} is missing; expected ${content}.`);
  return value;
}
