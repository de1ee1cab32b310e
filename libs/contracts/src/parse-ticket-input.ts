import type { InputIssue } from './errors';
import { MAX_FIELD_LENGTHS, type TicketInput, ticketInputSchema } from './ticket';
import { invalidInput, issuesOf, limited, parseWith } from './validation';

/** A ticket that can be taken in, and what could not be read of it. */
export interface ParsedTicketInput {
  readonly input: TicketInput;
  /** One for each part of an optional field that was left out or cut, at most twenty and then one that counts the rest; never repeats what was sent. */
  readonly warnings: readonly InputIssue[];
}

/** Without these there is no ticket. */
const NEEDED: readonly unknown[] = ['text', 'id'];

/**
 * Checks what a client sent as a ticket. An optional field that cannot be read does not lose the ticket: a text that is too long is cut,
 * an entry of `metadata` or any other field is left out, and a warning says so.
 * @throws SmartSupportError `invalid_input`, with every problem found, for a value that is no object, a wrong `text` or `id`, and where
 * neither `text` nor `subject` says anything
 */
export function parseTicketInput(value: unknown): ParsedTicketInput {
  const result = ticketInputSchema.safeParse(value);
  if (result.success) return { input: result.data, warnings: [] };
  const { issues } = result.error;
  if (issues.some(({ path: [field] }) => field === undefined || NEEDED.includes(field))) {
    throw invalidInput('ticket', issuesOf(result.error));
  }
  const readable = { ...(value as Record<string, unknown>) };
  const warnings = issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message: repair(readable, path.map(String)) === 'cut' ? `${message}; it was cut` : `${message}; it was left out`,
  }));
  return { input: parseWith(ticketInputSchema, readable, 'ticket'), warnings: limited(warnings) };
}

/** Cuts or leaves out what an issue is about. */
function repair(input: Record<string, unknown>, [field = '', entry]: readonly string[]): 'cut' | 'left out' {
  const value = input[field];
  const most = (MAX_FIELD_LENGTHS as Readonly<Record<string, number>>)[field];
  if (typeof value === 'string' && most !== undefined) {
    input[field] = [...value.trim()].slice(0, most).join('');
    return 'cut';
  }
  if (entry === undefined) {
    input[field] = undefined;
  } else {
    const { [entry]: _unreadable, ...others } = value as Record<string, unknown>;
    input[field] = others;
  }
  return 'left out';
}
