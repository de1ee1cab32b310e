import { inspect } from 'node:util';
import { SmartSupportError } from '@smart-support/contracts';
import { endsWithConnection, plainError, problemOf, storeError } from './store-errors';

/** Errors as ioredis makes them. */
function replyError(message: string): Error {
  const error = new Error(message);
  error.name = 'ReplyError';
  return Object.assign(error, { command: { name: 'auth', args: ['a-secret'] } });
}

const DAMAGE = 'CORRUPT {tenant}:ticket:a is a list instead of a hash';
const OOM = "OOM command not allowed when used memory > 'maxmemory'.";
const SINCE_7 = ' script: 6b1bf486c81ceb7edf3c093f4c48582e38c0e791, on @user_script:12.';
const before7 = (message: string) => `ERR Error running script (call to f_6b1bf486c81c): ${message}`;

describe('the meaning of an error of the store', () => {
  it.each([
    [DAMAGE, 'corrupt'],
    [`ERR user_script:12: ${DAMAGE}${SINCE_7}`, 'corrupt'],
    [before7(`@user_script: 12: user_script:12: ${DAMAGE}`), 'corrupt'],
    [
      `ERR user_script:12: CORRUPT {${'p'.repeat(60)}}:ticket:${'i'.repeat(128)} is a list instead of a hash${SINCE_7}`,
      'corrupt',
    ],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'corrupt'],
    [`WRONGTYPE Operation against a key holding the wrong kind of value${SINCE_7}`, 'corrupt'],
    [before7('WRONGTYPE Operation against a key holding the wrong kind of value'), 'corrupt'],
    [OOM, 'unavailable'],
    [`${OOM}${SINCE_7}`, 'unavailable'],
    [before7(`@user_script: 31: -${OOM}`), 'unavailable'],
    ["READONLY You can't write against a read only replica.", 'unavailable'],
    [before7("@user_script: 3: -READONLY You can't write against a read only replica."), 'unavailable'],
    ['LOADING Redis is loading the dataset in memory', 'unavailable'],
    [
      'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
      'unavailable',
    ],
    [before7('@user_script: 3: -MISCONF Redis is configured to save RDB snapshots'), 'unavailable'],
    ['NOREPLICAS Not enough good replicas to write.', 'unavailable'],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'unavailable'],
    ['CLUSTERDOWN The cluster is down', 'unavailable'],
    ['MOVED 3999 127.0.0.1:6381', 'unavailable'],
    ['ASK 3999 127.0.0.1:6381', 'unavailable'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'unavailable'],
    ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'unavailable'],
    ['NOAUTH Authentication required.', 'unavailable'],
    ["NOPERM this user has no permissions to run the 'evalsha' command", 'unavailable'],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'unavailable'],
    ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', 'unavailable'],
    ['ERR max number of clients reached', 'unavailable'],
    ["ERR unknown command 'evalsha', with args beginning with: 'x' ", 'internal'],
    ['ERR value is not an integer or out of range', 'internal'],
    // The text of a refusal within the message of a script is none by the server.
    ['ERR something about READONLY and OOM', 'internal'],
  ])('by the reply "%s" is %s', (message, code) => {
    const error = storeError(replyError(message));
    expect(error).toBeInstanceOf(SmartSupportError);
    expect(error.code).toBe(code);
  });

  it.each([
    ["Stream isn't writeable and enableOfflineQueue options is false", 'unavailable'],
    ['Connection is closed.', 'outcome_unknown'],
    ['Command timed out', 'outcome_unknown'],
    ['Reached the max retries per request limit (which is 0).', 'outcome_unknown'],
    ['read ECONNRESET', 'outcome_unknown'],
    ['write EPIPE', 'outcome_unknown'],
    ['', 'outcome_unknown'],
  ])('by the client error "%s" is %s', (message, code) => {
    expect(storeError(new Error(message)).code).toBe(code);
  });

  it.each([[undefined], [null], ['a text'], [7], [{}]])(
    'is an unknown outcome for a value that is no error (%p)',
    (value) => {
      expect(storeError(value).code).toBe('outcome_unknown');
    },
  );

  it('is kept if it is known already', () => {
    const error = new SmartSupportError('closed', 'The broker was closed');
    expect(storeError(error)).toBe(error);
  });

  it('names the key that is corrupt, and nothing of the script', () => {
    const { message } = storeError(replyError(`ERR user_script:12: ${DAMAGE}${SINCE_7}`));
    expect(message).toBe('The shared store is corrupt: {tenant}:ticket:a is a list instead of a hash');
    expect(storeError(replyError(`${OOM}${SINCE_7}`)).message).toBe(`The shared store refuses: ${OOM}`);
  });

  it.each(['WRONGPASS invalid', 'WRONGTYPE x', DAMAGE, OOM, 'ERR other', 'Command timed out'])(
    'contains no argument of the command (%s)',
    (message) => {
      expect(inspect(storeError(replyError(message)), { depth: 10, showHidden: true })).not.toContain('a-secret');
    },
  );

  it('contains no argument that the server quotes', () => {
    const quoting = replyError("ERR unknown command 'auth', with args beginning with: 'a-secret' ");
    expect(inspect([storeError(quoting), plainError(quoting)], { depth: 10, showHidden: true })).not.toContain(
      'a-secret',
    );
  });
});

describe('the reason why a store accepts no writes', () => {
  it.each([
    [OOM, 'oom', false],
    [`${OOM}${SINCE_7}`, 'oom', false],
    [before7(`@user_script: 31: -${OOM}`), 'oom', false],
    ["READONLY You can't write against a read only replica.", 'readonly', true],
    [before7("@user_script: 3: -READONLY You can't write against a read only replica."), 'readonly', true],
    [`READONLY You can't write against a read only replica.${SINCE_7}`, 'readonly', true],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'masterdown', true],
    ['LOADING Redis is loading the dataset in memory', 'loading', true],
    ['NOREPLICAS Not enough good replicas to write.', 'noreplicas', true],
    [before7('@user_script: 3: -NOREPLICAS Not enough good replicas to write.'), 'noreplicas', true],
    ['CLUSTERDOWN The cluster is down', 'clusterdown', true],
    ['UNBLOCKED force unblock from blocking operation, instance state changed', 'unblocked', true],
    ['MISCONF Redis is configured to save RDB snapshots', 'misconf', false],
    ['NOPERM this user has no permissions', 'noperm', false],
    ['NOAUTH Authentication required.', 'noauth', false],
    ['ASK 3999 127.0.0.1:6381', 'ask', false],
    ['ERR max number of clients reached', 'max_clients', false],
    ['ERR something about READONLY and OOM', 'other', false],
  ])('by "%s" is that it is %s; a new connection may help: %s', (message, problem, mayHelp) => {
    for (const error of [replyError(message), storeError(replyError(message))]) {
      expect([problemOf(error), endsWithConnection(problemOf(error))]).toEqual([problem, mayHelp]);
    }
  });

  it.each(['connect ECONNREFUSED', 'Command timed out', 'Connection is closed.'])(
    'is that it cannot be reached, by the client error "%s"',
    (message) =>
      expect([problemOf(new Error(message)), endsWithConnection('unreachable')]).toEqual(['unreachable', false]),
  );

  it('is unknown for a command that was never sent', () => {
    const refused = new SmartSupportError('unavailable', 'The shared store cannot be reached');
    expect(problemOf(refused)).toBeUndefined();
    expect(problemOf(new Error("Stream isn't writeable and enableOfflineQueue options is false"))).toBeUndefined();
  });
});

describe('a plain error', () => {
  it('keeps message, name and code', () => {
    const error = Object.assign(new TypeError('connect ECONNREFUSED'), { code: 'ECONNREFUSED', address: '::1' });
    const plain = plainError(error);
    expect([plain.name, plain.message, Object.entries(plain)]).toEqual([
      'TypeError',
      'connect ECONNREFUSED',
      expect.arrayContaining([['code', 'ECONNREFUSED']]),
    ]);
    expect(plain).not.toHaveProperty('address');
  });

  it('has the code as its message if it has none', () => {
    expect(plainError(Object.assign(new Error(''), { code: 'ECONNREFUSED' })).message).toBe('ECONNREFUSED');
  });
});
