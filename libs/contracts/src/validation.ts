import type { z } from 'zod';
import { type ErrorCode, type InputIssue, SmartSupportError } from './errors';

/**
 * Checks a value against a schema.
 * @param what - names the value in the error's sentence, for example `ticket`
 * @param code - the error's code
 * @returns the cleaned value
 * @throws SmartSupportError with one issue per problem
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
  code: ErrorCode = 'invalid_input',
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues: InputIssue[] = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new SmartSupportError(code, `The ${what} is not valid: ${list}`, { issues });
}
