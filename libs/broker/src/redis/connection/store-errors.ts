import { SmartSupportError, isSmartSupportError } from '@smart-support/contracts';

/**
 * Beginnings of answers by which a server refuses a command before it has done anything: it is full, a replica, still loading,
 * cannot save, wants another password, or its cluster is not whole.
 */
const REFUSALS = [
  'OOM',
  'READONLY',
  'LOADING',
  'MISCONF',
  'NOREPLICAS',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'MOVED',
  'BUSY',
  'NOAUTH',
  'NOPERM',
  'WRONGPASS',
  'ERR max number of clients',
];

/** What ioredis says of a command that it never wrote to a socket. */
const NOT_WRITTEN = ["Stream isn't writeable", 'Connection in subscriber mode'];

const DAMAGED = /DAMAGED (?<what>[^\n]{1,200}?)(?: script: |$)/;

/**
 * What a failed command means: surely nothing was written, nobody knows, or the store holds something that is not ours.
 * Whatever is not known to be harmless counts as unknown.
 */
export function storeError(error: unknown): SmartSupportError {
  if (isSmartSupportError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const damaged = DAMAGED.exec(message)?.groups?.['what'];
  if (damaged !== undefined)
    return new SmartSupportError('damaged', `The shared store is damaged: ${damaged}`, { cause: error });
  if (message.startsWith('WRONGTYPE')) {
    return new SmartSupportError('damaged', 'The shared store is damaged: a key holds another kind of value', {
      cause: error,
    });
  }
  if (isRefusal(message)) {
    return new SmartSupportError('unavailable', `The shared store refuses: ${message.split(' script:')[0]}`, {
      cause: error,
    });
  }
  if (NOT_WRITTEN.some((start) => message.startsWith(start))) {
    return new SmartSupportError('unavailable', 'The shared store cannot be reached', { cause: error });
  }
  // The server did answer, with an error that none of our commands should cause.
  if (error instanceof Error && error.name === 'ReplyError') {
    return new SmartSupportError('internal', `The shared store answered with an error: ${message}`, { cause: error });
  }
  return new SmartSupportError('fate_unknown', 'The shared store did not answer', { cause: error });
}

/** Whether this is the server's own word that it does not take commands now. */
export function isRefusal(message: string): boolean {
  return REFUSALS.some((start) => message.startsWith(start) || message.startsWith(`-${start}`));
}
