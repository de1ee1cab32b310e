import { REDIS_PROBLEMS, type RedisProblem, SmartSupportError, isSmartSupportError } from '@smart-support/contracts';

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
 * Refusals that stay as long as the connection does, where the address leads to another server by now: a demoted master behind a proxy, a
 * Kubernetes Service or a DNS name keeps the connections that it has. `UNBLOCKED` ends a blocking command when a master becomes a replica.
 */
const ENDS_WITH_CONNECTION: readonly RedisProblem[] = [
  'readonly',
  'masterdown',
  'loading',
  'noreplicas',
  'clusterdown',
  'unblocked',
];

/** What ioredis says of a command that it never wrote to a socket. */
const NOT_WRITTEN = ["Stream isn't writeable", 'Connection in subscriber mode'];

/** What ioredis says of a command that had no answer in time. */
const TIMED_OUT = 'Command timed out';

const CORRUPT = /CORRUPT (?<what>[^\n]{1,500}?)(?: script: |$)/;

/** Before version 7 a server wraps what went wrong in a script: where, and with the dash of its protocol. */
const WRAPPED = /^ERR Error (?:compiling|running) script \(call to [^)]*\): (?:@?user_script: ?\d+: ?)*-?/;

/**
 * What a failed command means: surely nothing was written, nobody knows, or the store holds something that is not ours.
 * Whatever is not known to be harmless counts as unknown.
 */
export function storeError(error: unknown): SmartSupportError {
  if (isSmartSupportError(error)) return error;
  const cause = plainError(error);
  const message = unwrapped(cause);
  const corrupt = CORRUPT.exec(message)?.groups?.['what'];
  if (corrupt !== undefined) return damagedStore(corrupt, cause);
  if (message.startsWith('WRONGTYPE')) {
    return new SmartSupportError('corrupt', 'The shared store is corrupt: a key holds another kind of value', {
      cause,
    });
  }
  if (isRefusal(message)) {
    return new SmartSupportError('unavailable', `The shared store refuses: ${message.split(' script:')[0]}`, { cause });
  }
  if (NOT_WRITTEN.some((start) => message.startsWith(start))) {
    return new SmartSupportError('unavailable', 'The shared store cannot be reached', { cause });
  }
  // The server did answer, with an error that none of our commands should cause.
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

/** Where the node of a cluster says that a slot is: `MOVED <slot> <host>:<port>`; `undefined` for any other error. */
export function movedTo(error: unknown): string | undefined {
  return error instanceof Error ? /^MOVED \d+ (?<address>\S+)/.exec(error.message)?.groups?.['address'] : undefined;
}

/** What Lua found in a key that is not ours. */
function damagedStore(what: string, cause?: Error): SmartSupportError {
  return new SmartSupportError('corrupt', `The shared store is corrupt: ${what}`, { cause });
}

/** What the server itself said, without where in a script it said so. */
function unwrapped({ message }: Error): string {
  return message.replace(WRAPPED, '');
}

/**
 * Why the store takes no writes, as an error says; `undefined` for an error that says nothing about the store, as of a command that was refused
 * before it was sent.
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

/** Whether another connection to the same address may lead to a server that does not refuse. */
export function endsWithConnection(problem: RedisProblem | undefined): boolean {
  return problem !== undefined && ENDS_WITH_CONNECTION.includes(problem);
}

/** Whether a server answered so, and the connection did not fail. */
export function isFromServer(error: Error): boolean {
  return error.name === 'ReplyError';
}

function isRefusal(message: string): boolean {
  return REFUSALS.some((start) => message.startsWith(start));
}

/**
 * The error without what ioredis hangs on it, and a server quotes: the arguments of the command, which may be a password or
 * what a client wrote.
 */
export function plainError(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  const said = message.split(', with args beginning with')[0] ?? '';
  // Nothing but a code is left of an error that stands for several, as of a host with several addresses.
  const plain = new Error(said === '' && typeof code === 'string' ? code : said);
  plain.name = name;
  return typeof code === 'string' ? Object.assign(plain, { code }) : plain;
}

/** Each reason once, for a message. */
export function reasonIn(problems: readonly unknown[]): string {
  return [...new Set(problems.map((problem) => plainError(problem).message))].join('; ');
}
