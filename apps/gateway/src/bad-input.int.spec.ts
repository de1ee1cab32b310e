import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { InputIssue, QueueReport } from '@smart-support/contracts';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors?: readonly InputIssue[];
}

interface Noted {
  readonly warnings?: readonly InputIssue[];
}

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1' });
});
afterAll(() => gateway.stop());

const problem = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = await gateway.call<ProblemAnswer>(method, path, body, headers);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ type: 'about:blank', status: answer.status, instance: path.split('?')[0] });
  expect(answer.body.detail).not.toMatch(/ at .*:\d+:\d+/);
  return answer;
};

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('bad input, row by row of docs/http-api.md', () => {
  it.each([
    ['not JSON', 'hello'],
    ['cut off', '{"text": "a'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '5'],
    ['a string', '"text"'],
    ['nothing', ''],
    ['deep as a well', nested(30_000)],
  ])('a body that is %s: 400', async (_, body) => {
    expect((await problem('POST', '/ticket', body)).status).toBe(400);
  });

  it.each([
    ['no text', {}, ['text']],
    ['an empty text', { text: '' }, ['text']],
    ['only white space', { text: ' \n\t ' }, ['text']],
    ['a number for a text', { text: 5 }, ['text']],
    ['a number for a text beside a subject', { text: 5, subject: 'a' }, ['text']],
    ['white space for text and subject', { text: ' ', subject: '\n' }, ['text']],
    ['no text and a subject that is a list', { subject: ['a'] }, ['text']],
    ['null for a text', { text: null }, ['text']],
    ['an id with a slash', { text: 'a', id: 'a/b' }, ['id']],
    ['a prototype name for an id', { text: 'a', id: '__proto__' }, ['id']],
    ['several things at once', { text: 1, subject: 2, requester: 3 }, ['requester', 'subject', 'text']],
  ])('a ticket with %s: 422 that names the fields', async (_, body, paths) => {
    const answer = await problem('POST', '/ticket', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map(({ path }) => path).sort()).toEqual(paths);
  });

  it.each([
    ['an unknown category', { skills: { Sales: 1 } }],
    ['a capacity below 0', { capacity: -1 }],
    ['a skill above 1', { skills: { Legal: 2 } }],
    ['a prototype for a category', { skills: JSON.parse('{"__proto__":1}') as object }],
    ['an unknown status', { status: 'lunch' }],
    ['a name of spaces', { name: '   ' }],
  ])('an agent with %s: 422', async (_, change) => {
    const agent = { name: 'Ada', skills: { Legal: 1 }, capacity: 1, status: 'available', ...change };
    const answer = await problem('PUT', '/agents/ada', agent);
    expect([answer.status, answer.body.errors?.length]).toEqual([422, 1]);
  });

  it('corrections outside the scale: 422; corrections that are a list: 400', async () => {
    expect((await problem('POST', '/tickets/x/complete', { urgency_score: 2 })).status).toBe(422);
    expect((await problem('POST', '/tickets/x/complete', [])).status).toBe(400);
  });

  it('a body over 64 KiB: 413, also when it was compressed, also when it is only long by its spaces', async () => {
    expect((await problem('POST', '/ticket', { text: 'a'.repeat(64 * 1024) })).status).toBe(413);
    expect((await problem('POST', '/ticket', `{"text":"a"}${' '.repeat(64 * 1024)}`)).status).toBe(413);
    const response = await fetch(`http://127.0.0.1:${gateway.port}/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ text: 'a'.repeat(10_000_000) })),
    });
    expect(response.status).toBe(413);
  });

  it('a body of just under 64 KiB is a ticket', async () => {
    const { status, body } = await gateway.call('POST', '/ticket', { text: 'a'.repeat(64 * 1024 - 20) });
    expect([status, body.needs_review]).toEqual([200, true]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'multipart/form-data', ''])(
    'the content type "%s": 415',
    async (type) => {
      expect((await problem('POST', '/ticket', '{"text":"a"}', { 'content-type': type })).status).toBe(415);
    },
  );

  it.each([
    ...[
      'application/json',
      'Application/JSON',
      'application/vnd.api+json',
      'application/json;',
      'application/json; charset=',
    ],
    ...[
      'utf-8',
      'UTF-8',
      'utf8',
      'UTF8',
      '"utf-8"',
      '"UTF8"',
      "'utf-8'",
      'utf_8',
      'us-ascii',
      ' utf-8 ',
      'utf-8;odata=verbose',
    ].map((charset) => `application/json;charset=${charset}`),
  ])('the content type "%s" is JSON', async (type) => {
    expect((await gateway.call('POST', '/ticket', '{"text":"a"}', { 'content-type': type })).status).toBe(200);
  });

  it.each(['ebcdic', 'utf-16', 'utf-7', 'iso-8859-1', 'utf-88', '"utf-16"', 'utf-8; charset=utf-16', 'utf8"', '"'])(
    'the charset %s: 415',
    async (charset) => {
      const type = { 'content-type': `application/json; charset=${charset}` };
      expect((await problem('POST', '/ticket', '{"text":"a"}', type)).status).toBe(415);
    },
  );

  it('an empty body that claims to be long or comes in chunks: 400, and no correction where none is needed', async () => {
    const send = (path: string, head: string, body: string) =>
      new Promise<string>((resolve) => {
        let received = '';
        const socket = connect(gateway.port, '127.0.0.1', () => {
          socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${head}\r\n\r\n${body}`);
        });
        socket.on('data', (data) => (received += data.toString()));
        socket.on('close', () => resolve(received.slice(9, 12)));
      });
    const json = 'Content-Type: application/json\r\n';
    expect(await send('/ticket', `${json}Transfer-Encoding: chunked`, '0\r\n\r\n')).toBe('400');
    expect(await send('/ticket', `${json}Content-Length: 00`, '')).toBe('400');
    await gateway.call('POST', '/ticket', { text: 'a', id: 'empty-complete' });
    expect(await send('/tickets/empty-complete/complete', 'Transfer-Encoding: chunked', '0\r\n\r\n')).toBe('200');
  });

  it('an Idempotency-Key of spaces or 300 characters: 422', async () => {
    for (const key of ['a b', 'k'.repeat(300)]) {
      const answer = await problem('POST', '/ticket', { text: 'a' }, { 'Idempotency-Key': key });
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, 'Idempotency-Key']);
    }
  });

  it('a path that does not exist: 404; one that is badly encoded: 400; another method: 405 that says which', async () => {
    expect((await problem('GET', '/nothing')).status).toBe(404);
    expect((await problem('GET', '/tickets/nobody')).status).toBe(404);
    expect((await problem('GET', '/tickets/__proto__')).status).toBe(404);
    expect((await problem('GET', '/tickets/%ff')).status).toBe(400);
    const answer = await problem('DELETE', '/ticket');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('hostile input', () => {
  it.each([
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['NUL bytes', 'a\u0000b', 'a\u0000b'],
    ['right-to-left marks', 'a\u202eb\u2066c', 'a\u202eb\u2066c'],
    ['emoji only', '🔥🔥🔥', '🔥🔥🔥'],
    ['a prototype in disguise', '__proto__ constructor toString', '__proto__ constructor toString'],
  ])('a text of %s is a ticket like any other', async (_, text, kept) => {
    const { status, body } = await gateway.call('POST', '/ticket', { text });
    expect([status, body.text]).toEqual([200, kept]);
    expect((await gateway.call('GET', `/tickets/${body.id}/explain`)).status).toBe(200);
  });

  it('prototype keys in a body change no prototype', async () => {
    const body = '{"text":"a","__proto__":{"polluted":1},"metadata":{"__proto__":{"polluted":1},"constructor":"x"}}';
    expect((await gateway.call('POST', '/ticket', body)).status).toBeLessThan(500);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a batch with JSON 100,000 deep is answered item by item', async () => {
    const body = `[${nested(100_000)}, {"text":"a"}]`;
    const answer = await gateway.call<{ results: { status_code: number }[] }>('POST', '/tickets', body);
    expect(answer.body.results.map(({ status_code }) => status_code)).toEqual([400, 200]);
  });

  it('a batch of 2.8 million tickets that are none, or one nested as deeply: refused', async () => {
    expect((await problem('POST', '/tickets', `[${'[],'.repeat(2_790_000)}[]]`)).status).toBe(413);
    const answer = await gateway.call<{ results: { status_code: number }[] }>('POST', '/tickets', nested(4_000_000));
    expect(answer.body.results.map(({ status_code }) => status_code)).toEqual([400]);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('a batch that is 100 MB when it is decompressed (%s): 413', async (encoding, compress) => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      body: compress(Buffer.alloc(100_000_000, ' ')),
    });
    expect(response.status).toBe(413);
  });

  it.each([
    ['gzip', gzipSync('[{"text":"a"}]').subarray(0, 20)],
    ['gzip', Buffer.from('[{"text":"a"}]')],
    ['br', Buffer.from('[{"text":"a"}]')],
  ])('a body that is no %s, or not all of it: 400', async (encoding, body) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const response = await fetch(`http://127.0.0.1:${gateway.port}/tickets`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
  });

  it('thousands of mistakes are named twenty at a time, in a refusal and in warnings', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`k${n}`, []]));
    const refused = await problem('POST', '/ticket', { text: 1, metadata });
    expect([refused.status, refused.body.errors?.length]).toEqual([422, 21]);
    expect(refused.body.errors?.at(-1)?.message).toBe('and 41 more problems');
    const taken = await gateway.call<Noted>('POST', '/ticket', { text: 'a', metadata });
    expect([taken.status, taken.body.warnings?.length]).toEqual([200, 21]);
    expect(taken.body.warnings?.at(-1)?.message).toBe('and 40 more problems');
  });

  it('half a million entries in one ticket of a batch: refused as too large before they are looked at', async () => {
    const metadata = Array.from({ length: 600_000 }, (_, n) => `"k${n}":[]`).join(',');
    const body = `[{"text":"a","metadata":{${metadata}}}, {"text":"b"}]`;
    const answer = await gateway.call<{ results: { status_code: number }[] }>('POST', '/tickets', body);
    expect(answer.body.results.map(({ status_code }) => status_code)).toEqual([413, 200]);
  });

  it('more than 64 entries of metadata are one problem, not thousands', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, []]));
    const { body } = await gateway.call<Noted>('POST', '/ticket', { text: 'a', metadata });
    expect(body.warnings).toEqual([
      { path: 'metadata', message: 'must be an object with at most 64 entries; it was left out' },
    ]);
  });

  it('nested JSON in a field loses that field only, and is refused from 33 levels on', async () => {
    const answer = await gateway.call<Noted>('POST', '/ticket', `{"text":"a","metadata":{"a":${nested(30)}}}`);
    expect([answer.status, answer.body.warnings?.[0]?.path]).toEqual([200, 'metadata.a']);
    const refused = await problem('POST', '/ticket', `{"text":"a","metadata":{"a":${nested(31)}}}`);
    expect([refused.status, refused.body.detail]).toEqual([400, 'The JSON is nested deeper than 32 levels.']);
  });

  it('a client that goes away in the middle of its body, or speaks no HTTP, affects no other client', async () => {
    const say = (bytes: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(gateway.port, '127.0.0.1', () => {
          socket.end(bytes);
        });
        socket.on('error', () => undefined);
        socket.on('data', () => undefined);
        socket.on('close', () => resolve());
      });
    await say(
      'POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"text":',
    );
    await say('\u0000\u0001\u0002 hello\r\n\r\n');
    expect((await gateway.call('GET', '/livez')).status).toBe(200);
    const { body } = await gateway.call<QueueReport>('GET', '/queue');
    expect(body).toMatchObject({ in_progress: 0, dead: 0, lanes: { urgent: 0, normal: 0 } });
  });
});
