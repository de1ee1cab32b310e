import { SmartSupportError } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { plainError, problemOf } from './store-errors';

/**
 * Whether a client could not select the database of its address. It emits an `error` event before anything else is sent, and then continues
 * with database 0 unless it is disconnected.
 */
export function isWithoutDatabase(client: Redis, error: unknown): boolean {
  if (!client.options.db || client.status !== 'connect') return false;
  const { command, message } = error as { readonly command?: { readonly name?: string }; readonly message?: string };
  // After a timeout the client does not report which command it was.
  return command?.name === 'select' || message === 'Command timed out';
}

/** What an operator has to change if the server refuses the database; `undefined` if another attempt can help. */
export function refusedDatabase(client: Redis, error: unknown): SmartSupportError | undefined {
  const problem = problemOf(error);
  if (problem !== 'noperm' && problem !== 'other') return undefined;
  const cause = plainError(error);
  const message = `The database ${client.options.db ?? 0} of REDIS_URL cannot be selected: Redis answers "${cause.message}".`;
  return new SmartSupportError('invalid_config', message, { cause });
}
