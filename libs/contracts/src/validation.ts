import type { z } from 'zod';
import { type ErrorCode, type InputIssue, SmartSupportError } from './errors';

/** Most problems of one input that are named: an input of a thousand mistakes must not make an answer of a thousand sentences. */
const MAX_ISSUES = 20;

/** The problems that a schema found, with their field paths. */
export function issuesOf(error: z.ZodError): InputIssue[] {
  return error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/**
 * An error that lists every problem in its message and in its `issues`.
 * @param what - what is not valid, for example `ticket`
 */
export function invalid(
  what: string,
  issues: readonly InputIssue[],
  options: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): SmartSupportError {
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  const { code = 'invalid_input', cause } = options;
  return new SmartSupportError(code, `The ${what} is not valid: ${list}`, { cause, issues });
}

/** The first issues of many, and one that counts the rest. */
export function limited(issues: readonly InputIssue[]): readonly InputIssue[] {
  const more = issues.length - MAX_ISSUES;
  return more > 0 ? [...issues.slice(0, MAX_ISSUES), { path: '', message: `and ${more} more problems` }] : issues;
}

/** An error of code `invalid_input` with the first of many issues. See {@link invalid}. */
export function invalidInput(what: string, issues: readonly InputIssue[]): SmartSupportError {
  return invalid(what, limited(issues));
}

/**
 * Checks what a client sent against a schema.
 * @param what - names the value in the error's sentence, for example `ticket`
 * @returns the cleaned value
 * @throws SmartSupportError `invalid_input` with one issue per problem, at most twenty and then one that counts the rest
 */
export function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(what, issuesOf(result.error));
}
