import { types } from 'node:util';
import { isSmartSupportError } from '@smart-support/contracts';
import { loggableText } from './loggable-text';
import { REDACTED } from './secret-fields';

/** An error as log lines show it. */
export interface LoggableError {
  /** Name of its class. */
  readonly type: string;
  /** Stable code of ours, or the system's, such as `ECONNREFUSED`. */
  readonly code?: string;
  readonly message: string;
  /** Its frames, without the message that V8 puts above them. */
  readonly stack: string;
  readonly cause?: LoggableError;
  /** What an AggregateError collected. */
  readonly errors?: readonly LoggableError[];
}

/** Levels of causes, and errors of one aggregate, that are still shown. */
const MAX_CAUSES = 4;

/** Whether a value is an error, also one of another realm, as node's own are in some test runners. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/**
 * What is kept of an error: type, code, message, stack frames and causes; every other property is dropped, because
 * libraries attach request bodies and command arguments. Our own messages never hold a ticket's text. Those of others
 * may quote their input (JSON.parse does, and so does Redis), so what stands between quotes is left out of them,
 * except where the operating system refused a call: it quotes file names and addresses only.
 */
export function loggableError(error: Error): LoggableError {
  return errorAtDepth(error, 0);
}

function errorAtDepth(error: Error, depth: number): LoggableError {
  const { code, cause, errors } = error as { readonly code?: unknown; readonly cause?: unknown; errors?: unknown };
  const text = String(error.message);
  const deeper = depth < MAX_CAUSES;
  return {
    type: loggableText(String(error.name)),
    ...(typeof code === 'string' && { code: loggableText(code) }),
    message: loggableText(quotesNoTicket(error) ? text : withoutQuotations(text)),
    stack: loggableText(stackFrames(error)),
    ...(deeper && isError(cause) && { cause: errorAtDepth(cause, depth + 1) }),
    ...(deeper &&
      Array.isArray(errors) && {
        errors: errors
          .filter(isError)
          .slice(0, MAX_CAUSES)
          .map((each) => errorAtDepth(each, depth + 1)),
      }),
  };
}

function quotesNoTicket(error: Error): boolean {
  return isSmartSupportError(error) || ('syscall' in error && typeof error.syscall === 'string');
}

/** Cuts from the first quotation mark to the last: a quoted text may hold quotation marks of its own. */
function withoutQuotations(message: string): string {
  const first = message.search(/["'`]/);
  const last = Math.max(message.lastIndexOf('"'), message.lastIndexOf("'"), message.lastIndexOf('`'));
  return last > first ? `${message.slice(0, first + 1)}${REDACTED}${message.slice(last)}` : message;
}

/** The lines of the stack that name a place in the code; a message of several lines stands above them and is left out. */
function stackFrames(error: Error): string {
  const stack = String(error.stack ?? '');
  const message = String(error.message);
  const start = message === '' ? -1 : stack.indexOf(message);
  return (start < 0 ? stack : stack.slice(start + message.length))
    .split('\n')
    .filter((line) => line.startsWith('    at ') && /(?::\d+\)?|\(<anonymous>\))$/.test(line))
    .join('\n');
}
