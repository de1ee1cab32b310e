import { REDIS_PROBLEMS, type RedisProblem, SmartSupportError, isSmartSupportError } from '@smart-support/contracts';

/**
 * Prefixes of replies by which a server refuses a command before it has any effect: it is full, a replica, loading,
 * cannot save, requires another password, or its cluster is incomplete.
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
  'ASK ',
  'TRYAGAIN',
  'BUSY',
  'NOAUTH',
  'NOPERM',
  'WRONGPASS',
  'UNBLOCKED',
  'ERR max number of clients',
];

/**
 * Refusals that last as long as the connection although the address may lead to another server by now: a proxy, a
 * Kubernetes Service or a DNS name keeps connections to a demoted master. `UNBLOCKED` ends a blocking command when a master becomes a replica.
 */
const ENDS_WITH_CONNECTION: readonly RedisProblem[] = [
  'readonly',
  'masterdown',
  'loading',
  'noreplicas',
  'clusterdown',
  'unblocked',
];

/** Errors of ioredis for a command that was never written to a socket. */
const NOT_WRITTEN = ["Stream isn't writeable", 'Connection in subscriber mode'];

/** Error of ioredis for a command without an answer in time. */
const TIMED_OUT = 'Command timed out';

const CORRUPT = /CORRUPT (?<what>[^\n]{1,500}?)(?: script: |$)/;

/** Before version 7, a server wraps an error in a script: its place, and the dash of the protocol. */
const WRAPPED = /^ERR Error (?:compiling|running) script \(call to [^)]*\): (?:@?user_script: ?\d+: ?)*-?/;

/**
 * What a failed command means: nothing was written, the outcome is unknown, or a key has a value that the broker did not write.
 * An error that is not known to be harmless counts as an unknown outcome.
 */
export function storeError(error: unknown): SmartSupportError {
  if (isSmartSupportError(error)) return error;
  const cause = plainError(error);
  const message = unwrapped(cause);
  const corrupt = CORRUPT.exec(message)?.groups?.['what'];
  if (corrupt !== undefined) return damagedStore(corrupt, cause);
  if (message.startsWith('WRONGTYPE')) {
    return new SmartSupportError('corrupt', 'The shared store is corrupt: a key has another type', {
      cause,
    });
  }
  if (isRefusal(message)) {
    return new SmartSupportError('unavailable', `The shared store refuses: ${message.split(' script:')[0]}`, { cause });
  }
  if (NOT_WRITTEN.some((start) => message.startsWith(start))) {
    return new SmartSupportError('unavailable', 'The shared store cannot be reached', { cause });
  }
  // The server answered with an error that no command of the broker should cause.
  if (isFromServer(cause)) {
    return new SmartSupportError('internal', `The shared store answered with an error: ${message}`, { cause });
  }
  return new SmartSupportError('outcome_unknown', 'The shared store did not answer', { cause });
}

/** Whether a command had no answer in time. */
export function isTimeout(error: unknown): boolean {
  const cause = isSmartSupportError(error) ? error.cause : error;
  return cause instanceof Error && cause.message === TIMED_OUT;
}

/** Where a cluster node redirects: `MOVED <slot> <host>:<port>`; `undefined` for any other error. */
export function movedTo(error: unknown): string | undefined {
  return error instanceof Error ? /^MOVED \d+ (?<address>\S+)/.exec(error.message)?.groups?.['address'] : undefined;
}

/** The description of a corrupt key that a Lua command found. */
function damagedStore(what: string, cause?: Error): SmartSupportError {
  return new SmartSupportError('corrupt', `The shared store is corrupt: ${what}`, { cause });
}

/** The message of the server without the place in the script. */
function unwrapped({ message }: Error): string {
  return message.replace(WRAPPED, '');
}

/**
 * Why the store accepts no writes, by an error; `undefined` for an error that says nothing about the store, for example of a command that was
 * refused before it was sent.
 */
export function problemOf(error: unknown): RedisProblem | undefined {
  const cause = isSmartSupportError(error) ? error.cause : error;
  if (cause === undefined) return undefined;
  const plain = plainError(cause);
  if (NOT_WRITTEN.some((start) => plain.message.startsWith(start))) return undefined;
  return isFromServer(plain) ? problemIn(unwrapped(plain)) : 'unreachable';
}

function problemIn(message: string): RedisProblem {
  if (message.startsWith('ERR max number of clients')) return 'max_clients';
  const word = /^[A-Z]+(?= |$)/.exec(message)?.[0].toLowerCase();
  return REDIS_PROBLEMS.find((problem) => problem === word) ?? 'other';
}

/** Whether a new connection to the same address may lead to a server that does not refuse. */
export function endsWithConnection(problem: RedisProblem | undefined): boolean {
  return problem !== undefined && ENDS_WITH_CONNECTION.includes(problem);
}

/** Whether the error is a reply of a server, and not of the connection. */
export function isFromServer(error: Error): boolean {
  return error.name === 'ReplyError';
}

function isRefusal(message: string): boolean {
  return REFUSALS.some((start) => message.startsWith(start));
}

/**
 * The error without the details that ioredis adds and the server quotes: the arguments of the command, which may be a password or
 * text of a client.
 */
export function plainError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  const text = message.split(', with args beginning with')[0] ?? '';
  // An aggregate error, as of a host with several addresses, has only a code.
  const plain = new Error(text === '' && typeof code === 'string' ? code : text);
  plain.name = name;
  return typeof code === 'string' ? Object.assign(plain, { code }) : plain;
}

/** Distinct reasons, for a message. */
export function reasonIn(problems: readonly unknown[]): string {
  return [...new Set(problems.map((problem) => plainError(problem).message))].join('; ');
}
