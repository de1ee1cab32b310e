import type { InputIssue } from './errors';
import { NOT_PRINTABLE } from './metadata';
import { printable, invalidInput, issuesOf, limited } from './validation';
import { MAX_FIELD_LENGTHS, type TicketInput, ticketInputSchema } from './ticket';

/** A ticket that can be taken in, and what could not be read of it. */
export interface ParsedTicketInput {
  readonly input: TicketInput;
  /** One for each part of an optional field that was left out or cut, at most twenty and then one that counts the rest; never repeats what was sent. */
  readonly warnings: readonly InputIssue[];
}

/** Without these there is no ticket. */
const NEEDED: readonly unknown[] = ['text', 'id'];

/** How often an input is repaired: a field may have to be read as one of its kind before the next thing that is wrong with it shows. */
const MOST_REPAIRS = 8;

/**
 * Checks what a client sent as a ticket. An optional field that cannot be read does not lose the ticket: a text that is too long is cut,
 * control characters in a name are left out, as is an entry of `metadata` or any other field, and a warning says so.
 * @throws SmartSupportError `invalid_input`, with every problem found, for a value that is no object, a wrong `text` or `id`, and where
 * neither `text` nor `subject` says anything
 */
export function parseTicketInput(value: unknown): ParsedTicketInput {
  const warnings: InputIssue[] = [];
  let readable = value;
  for (let repairs = 0; ; repairs += 1) {
    const result = ticketInputSchema.safeParse(readable);
    if (result.success) return { input: result.data, warnings: limited(warnings) };
    const { issues } = result.error;
    if (repairs === MOST_REPAIRS || issues.some(({ path: [field] }) => field === undefined || NEEDED.includes(field))) {
      throw invalidInput('ticket', issuesOf(result.error));
    }
    const repaired = { ...(readable as Record<string, unknown>) };
    for (const { path, message } of issues) {
      warnings.push({
        path: path.map(String).join('.'),
        message: `${message}; ${repair(repaired, path.map(String), message)}`,
      });
    }
    readable = repaired;
  }
}

/** Mends what an issue is about, or leaves it out. Returns what was done. */
function repair(input: Record<string, unknown>, [field = '', entry]: readonly string[], message: string): string {
  const value = input[field];
  const most = (MAX_FIELD_LENGTHS as Readonly<Record<string, number>>)[field];
  if (typeof value === 'string' && most !== undefined) {
    const isCleaned = message === NOT_PRINTABLE;
    input[field] = isCleaned ? printable(value.trim()) : [...value.trim()].slice(0, most).join('');
    return isCleaned ? 'they were left out' : 'it was cut';
  }
  if (entry === undefined) {
    input[field] = undefined;
    return 'it was left out';
  }
  const { [entry]: unreadable, ...others } = value as Record<string, unknown>;
  if (message !== NOT_PRINTABLE) {
    input[field] = others;
    return 'it was left out';
  }
  input[field] = { ...(value as object), [entry]: printable(String(unreadable)) };
  return 'they were left out';
}
