import { readFileSync } from 'node:fs';
import { SmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { createLogger, type Logger, type LogLevel } from './logger';

const CLOCK = { now: () => Date.UTC(2030, 0, 2), monotonic: () => 0 };
const PRIVATE = 'my wife left and I cannot pay';

type Line = Record<string, unknown>;

function memoryLog(level: LogLevel = 'trace') {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const logger = createLogger({ level, name: 'test', destination, clock: CLOCK });
  return { logger, written, lines: () => written.map((line) => JSON.parse(line) as Line) };
}

/** What becomes of fields on their way into one line. */
function logged(fields: object): Line {
  const { logger, lines } = memoryLog();
  logger.info(fields, 'a message');
  return lines()[0]!;
}

describe('a line of the log', () => {
  it('is one JSON object with time, level, name, fields and message', () => {
    const { logger, written, lines } = memoryLog();
    logger.warn({ ticket_id: 'T-1', seconds: 0.5, tags: ['a', null], late: true }, 'ticket is late');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(lines()[0]).toMatchObject({
      time: '2030-01-02T00:00:00.000Z',
      level: 'warn',
      name: 'test',
      ticket_id: 'T-1',
      seconds: 0.5,
      tags: ['a', null],
      late: true,
      msg: 'ticket is late',
    });
  });

  it('is written only if it is important enough', () => {
    const { logger, lines } = memoryLog('warn');
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level]({}, level);
    expect(lines().map(({ msg }) => msg)).toEqual(['warn', 'error']);
  });

  it('costs nothing if it is not written: its fields are not even read', () => {
    const { logger } = memoryLog('warn');
    let reads = 0;
    const fields = {
      get costly() {
        reads += 1;
        return 'x';
      },
    };
    logger.info(fields, 'unimportant');
    expect(reads).toBe(0);
    logger.warn(fields, 'important');
    expect(reads).toBe(1);
  });

  it('is never written when the log is silent', () => {
    const { logger, written } = memoryLog('silent');
    logger.error({}, 'lost');
    expect(written).toEqual([]);
  });

  it('carries the fields of every logger above it, its own last', () => {
    const { logger, lines } = memoryLog();
    const child = logger.child({ request_id: 'r1', step: 1 }).child({ step: 2, worker: 'w' });
    child.info({ worker: 'v' }, 'x');
    logger.info({}, 'y');
    expect(lines()[0]).toMatchObject({ request_id: 'r1', step: 2, worker: 'v' });
    expect(lines()[1]).not.toHaveProperty('step');
  });
});

describe('what a customer wrote', () => {
  const ticket = { id: 'T-1', text: PRIVATE, subject: PRIVATE, requester: PRIVATE, metadata: { note: PRIVATE } };

  it.each<[string, object]>([
    ['at the top', ticket],
    ['in a ticket', { ticket }],
    ['in a list deep below', { batch: { results: [{ record: { ticket } }] } }],
    ['in the start of a text', { event: { data: { text_start: PRIVATE } } }],
    [
      'in the terms and matches of an explanation',
      { terms: [{ term: PRIVATE, weight: 1 }], hits: [{ match: PRIVATE }] },
    ],
    ['in a request body', { req: { method: 'POST', body: { text: PRIVATE }, rawBody: PRIVATE } }],
    ['under another spelling', { Text: PRIVATE, textStart: PRIVATE, SUBJECT: PRIVATE }],
    ['in a value that JSON would have asked', { ticket: { toJSON: () => PRIVATE } }],
    ['in a buffer', { bytes: Buffer.from(PRIVATE), chunk: new TextEncoder().encode(PRIVATE) }],
    [
      'in an instance of a class',
      {
        request: Object.create({ inherited: 1 }, { note: { value: PRIVATE, enumerable: true } }),
        map: new Map([['a', PRIVATE]]),
      },
    ],
  ])('stays out of the log %s', (_where, fields) => {
    const { logger, written } = memoryLog();
    logger.info(fields, 'as a line');
    logger.child(fields as Line).info({}, 'as a child');
    expect(written).toHaveLength(2);
    for (const line of written) expect(line).not.toMatch(/wife|bXkgd2lmZ|109,121,32/);
  });

  it('is marked as left out, and what surrounds it is kept', () => {
    expect(logged({ ticket }).ticket).toEqual({
      id: 'T-1',
      text: '[Redacted]',
      subject: '[Redacted]',
      requester: '[Redacted]',
      metadata: '[Redacted]',
    });
  });

  it('stays out of the log at any depth, in any record', () => {
    const secret = fc.constantFrom('text', 'subject', 'metadata', 'authorization', 'API-Key', 'webhookSecret');
    const path = fc.array(fc.string({ maxLength: 10 }), { maxLength: 12 });
    fc.assert(
      fc.property(path, secret, (names, last) => {
        const fields = [...names, last].reduceRight<unknown>((inner, name) => ({ [name]: inner }), PRIVATE);
        const { logger, written } = memoryLog();
        logger.info(fields as object, 'x');
        expect(written).toHaveLength(1);
        expect(written[0]).not.toContain('wife');
      }),
    );
  });
});

describe('secrets', () => {
  it.each<[string, object]>([
    ['an authorization header', { req: { headers: { authorization: 'Bearer hunter2', host: 'a' } } }],
    [
      'cookies',
      { req: { headers: { cookie: 'hunter2' }, rawHeaders: ['cookie', 'hunter2'] }, 'Set-Cookie': 'hunter2' },
    ],
    ['keys and tokens', { api_key: 'hunter2', 'x-api-key': 'hunter2', claim: { token: 'hunter2' } }],
    [
      'a whole configuration and the environment it came from',
      {
        config: { access: { keys: [{ name: 'a', secret: 'hunter2' }] }, redis: { url: 'rediss://:hunter2@b:1/0' } },
        env: { API_KEYS: 'a:agent:hunter2', WEBHOOK_SECRET: 'hunter2', REDIS_URL: 'redis://a:hunter2@b' },
      },
    ],
    [
      'every header that a request came with',
      { headersDistinct: { authorization: ['Bearer hunter2'], 'x-api-key': ['hunter2'] }, 'X-API-Key': 'hunter2' },
    ],
    ['a webhook secret', { config: { webhook: { webhookSecret: 'hunter2' } } }],
    [
      'a password in an address',
      { redis: 'redis://user:hunter2@localhost:6379/0', also: new URL('http://a:hunter2@b') },
    ],
  ])('such as %s stay out of the log', (_what, fields) => {
    const { logger, written } = memoryLog();
    logger.info(fields, 'connecting to redis://user:hunter2@localhost');
    logger.child(fields as Line).info({}, 'x');
    expect(written.join('')).not.toContain('hunter2');
  });

  it('are not confused with plain numbers', () => {
    expect(logged({ tokens: 12, url: 'redis://localhost:6379', mail: 'a@b.c' })).toMatchObject({
      tokens: 12,
      url: 'redis://localhost:6379',
      mail: 'a@b.c',
    });
  });
});

describe('an error', () => {
  const errorOf = (attempt: () => unknown): unknown => {
    try {
      return attempt();
    } catch (error) {
      return error;
    }
  };
  const jsonError = (text: string) => errorOf(() => JSON.parse(text));

  it('of ours keeps code, message, stack and cause', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
    const err = new SmartSupportError('closed', 'The broker "memory" was closed', { cause });
    expect(logged({ err }).err).toMatchObject({
      type: 'SmartSupportError',
      code: 'closed',
      message: 'The broker "memory" was closed',
      stack: expect.stringContaining('logger.spec.ts'),
      cause: { type: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:6379' },
    });
  });

  it('given instead of fields is logged as err', () => {
    expect(logged(new RangeError('too far')).err).toMatchObject({ type: 'RangeError', message: 'too far' });
  });

  it('of the operating system names the file', () => {
    const err = errorOf(() => readFileSync('/no/such/roster.json'));
    expect(logged({ err }).err).toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining("'/no/such/roster.json'"),
    });
  });

  it('shows what an aggregate collected, such as the addresses of a host that refused', () => {
    const err = new AggregateError([new Error('connect ECONNREFUSED ::1:6379'), 'no error']);
    expect(logged({ err }).err).toMatchObject({ errors: [{ message: 'connect ECONNREFUSED ::1:6379' }] });
  });

  it('that caused itself is shown a few times', () => {
    const err = new Error('egg');
    err.cause = err;
    expect(logged({ err }).err).toMatchObject({ message: 'egg', cause: { message: 'egg' } });
  });

  it.each<[string, unknown]>([
    ['quotes the input it could not parse', jsonError(`"${PRIVATE}`)],
    ['quotes an input with quotes', jsonError(`I can't "pay", ${PRIVATE}`)],
    ['carries a request body', Object.assign(new Error('bad request'), { body: PRIVATE, type: 'entity.parse.failed' })],
    ['carries the arguments of a command', Object.assign(new Error('ERR'), { command: { args: [PRIVATE] } })],
    ['repeats its input over several lines', new Error(`no such command '\n    at ${PRIVATE} (x:1:1)\n'`)],
    ['has a cause that quotes', new Error('outer', { cause: jsonError(PRIVATE) })],
    ['kept it in its stack', Object.assign(new Error(), { stack: `Error: ${PRIVATE}\n    at a.js:1:2` })],
    ['has no stack', Object.assign(new Error(`'${PRIVATE}'`), { stack: undefined })],
  ])('of others that %s does not bring the text of a ticket into the log', (_how, err) => {
    const { logger, written } = memoryLog();
    logger.error({ err, deeper: { errors: [err] } }, 'failed');
    expect(err).toBeInstanceOf(Error);
    expect(written[0]).toContain('"type"');
    expect(written[0]).not.toMatch(/wife|pay/);
  });
});

describe('odd fields', () => {
  it('are kept under the names of inherited methods', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'toJSON', 'serializers', 'valueOf'];
    const fields = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const { logger, lines } = memoryLog();
    logger.info(fields, 'x');
    logger.info({ inner: fields }, 'x');
    logger.child(fields).info({}, 'x');
    const [line, nested, child] = lines();
    for (const name of names) {
      for (const record of [line, nested?.['inner'], child]) {
        expect(Object.getOwnPropertyDescriptor(record, name)?.value).toBe(`value of ${name}`);
      }
    }
  });

  it('are noted instead of followed: cycles, depth, vectors, getters that throw', () => {
    const cycle: Line = { id: 1 };
    cycle['self'] = cycle;
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), 'bottom');
    const trap = {
      get broken() {
        throw new Error('no');
      },
      kept: 1n,
    };
    const line = logged({ cycle, deep, trap, vector: new Float32Array(384), when: new Date(NaN), odd: Symbol('x') });
    expect(line).toMatchObject({
      cycle: { id: 1, self: '[Circular]' },
      trap: { broken: '[Unreadable]', kept: '1' },
      vector: '[Float32Array]',
      when: '[Invalid date]',
    });
    expect(JSON.stringify(line['deep'])).toContain('[Too deep]');
    expect(line).not.toHaveProperty('odd');
  });

  it('that cannot be read do not change how their neighbours are', () => {
    const trap = Object.create({
      get constructor() {
        throw new Error('no');
      },
    });
    const list = [[trap]];
    expect(logged({ first: list, second: list, third: { a: 1 } })).toMatchObject({
      first: '[Unreadable]',
      second: '[Unreadable]',
      third: { a: 1 },
    });
  });

  it('share an object without being called a cycle', () => {
    const shared = { id: 7 };
    expect(logged({ a: shared, b: [shared, shared] })).toMatchObject({ a: shared, b: [shared, shared] });
  });

  it('cannot flood the log', () => {
    const wide = Array.from({ length: 5000 }, () => 'x'.repeat(100));
    const many = Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => 'y'));
    const { logger, written } = memoryLog();
    logger.info({ wide, many, long: 'z'.repeat(1_000_000), record: Object.fromEntries(wide.entries()) }, 'x');
    expect(written[0]!.length).toBeLessThan(20_000);
  });

  it('of any kind make one readable, well-formed line', () => {
    fc.assert(
      fc.property(
        fc.object({ withNullPrototype: true, withBigInt: true, withDate: true }),
        fc.string(),
        (fields, text) => {
          const { logger, written } = memoryLog();
          logger.info({ fields, lone: `\uD800${text}` }, `\uDC00${text}`);
          expect(written).toHaveLength(1);
          expect(written[0]!.isWellFormed()).toBe(true);
          expect(written[0]!.trimEnd()).not.toContain('\n');
          expect(JSON.parse(written[0]!)).toHaveProperty('fields');
        },
      ),
    );
  });
});

it("a logger of pino's fits where ours does", () => {
  const written: string[] = [];
  const logger: Logger = pino({}, { write: (line: string) => void written.push(line) });
  logger.child({ a: 1 }).info({ b: 2 }, 'x');
  expect(JSON.parse(written[0]!)).toMatchObject({ a: 1, b: 2, msg: 'x' });
});
