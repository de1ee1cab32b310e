import type { InputIssue, Ticket } from '@smart-support/contracts';
import { type RedisServer, eventually, startRedisServer } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

/** What `POST /ticket` answers in either mode. */
interface Taken extends Partial<Ticket> {
  readonly ticket_id?: string;
  readonly is_repeat?: true;
  readonly warnings?: readonly InputIssue[];
}

interface BatchResult {
  readonly status_code: number;
  readonly body: Taken;
}

const KIM = 'kim@example.com';

describe.each([
  ['200', 'without Redis'],
  ['202', 'with Redis'],
] as const)('a ticket that is answered %s, %s', (taken, mode) => {
  let redis: RedisServer | undefined;
  let gateway: RunningGateway;
  let other: RunningGateway;
  const start = async (env: Record<string, string> = {}): Promise<RunningGateway> => {
    const started = await startGateway({
      MODEL_FALLBACK: '1',
      ...(redis ? { REDIS_URL: redis.url } : {}),
      ...env,
    });
    if (redis) await eventually('the gateway reaches the store', () => started.engine.serving.mode === 'async');
    return started;
  };
  beforeAll(async () => {
    if (mode === 'with Redis') redis = await startRedisServer();
    gateway = await start();
    other = await start();
  }, 30_000);
  afterAll(async () => {
    await gateway?.stop();
    await other?.stop();
    await redis?.stop();
  });

  const post = async (body: unknown, headers: Record<string, string> = {}, to = gateway) => {
    const answer = await to.call<Taken>('POST', '/ticket', body, headers);
    return { status: answer.status, id: answer.body.ticket_id ?? answer.body.id, body: answer.body };
  };
  const postOk = async (...args: Parameters<typeof post>) => {
    const answer = await post(...args);
    expect(String(answer.status)).toBe(taken);
    return answer;
  };
  const ticketNow = async (id: string | undefined): Promise<Ticket> =>
    (await gateway.call('GET', `/tickets/${id}`)).body;
  let made = 0;
  const aText = (): string => `Matter number ${(made += 1)} of this spec`;

  it('has neither note where nothing is odd', async () => {
    const { body } = await postOk({ text: aText(), requester: KIM, reported_at: '2026-01-02T03:04:05Z' });
    expect(body).not.toHaveProperty('warnings');
    expect(body).not.toHaveProperty('is_repeat');
  });

  it('charset=utf8 and a byte order mark in front are UTF-8', async () => {
    const text = `${aText()} – größer`;
    const type = { 'content-type': 'application/json;charset=UTF8' };
    const { id } = await postOk(`\ufeff${JSON.stringify({ text })}`, type);
    expect((await ticketNow(id)).text).toBe(text);
  });

  it.each([
    ['2026-01-02T03:04:05.000+0100', '2026-01-02T03:04:05.000+01:00'],
    ['2026-01-02T03:04+01:00[Europe/Berlin]', '2026-01-02T03:04:00+01:00'],
    ['2026-01-02 03:04:05Z', '2026-01-02T03:04:05Z'],
  ])('the date-time %s is understood', async (reported_at, spelt) => {
    const { id, body } = await postOk({ text: aText(), reported_at });
    expect([(await ticketNow(id)).reported_at, body.warnings]).toEqual([spelt, undefined]);
  });

  it('optional fields that cannot be read are warned of, and the ticket is there without them', async () => {
    const text = aText();
    const { id, body } = await postOk({
      text,
      subject: 's'.repeat(1001),
      requester: { email: KIM },
      channel: 7,
      reported_at: 'last Tuesday',
      metadata: { plan: 3, seats: [1, 2] },
    });
    const paths = ['channel', 'metadata.seats', 'reported_at', 'requester', 'subject'];
    expect(body.warnings?.map(({ path }) => path).sort()).toEqual(paths);
    expect(await ticketNow(id)).toMatchObject({
      text,
      subject: 's'.repeat(1000),
      requester: null,
      reported_at: null,
    });
    expect(JSON.stringify(body.warnings)).not.toContain('Tuesday');
  });

  it('a subject says enough where there is no text', async () => {
    const subject = `Refund of a double charge on my invoice (${aText()})`;
    const { id } = await postOk({ subject });
    expect(await ticketNow(id)).toMatchObject({ subject, text: '' });
    const explained = await gateway.call('GET', `/tickets/${id}/explain`);
    expect(explained.status).toBe(200);
  });

  it('a repeat may differ in line ends and trailing white space, and says that it is one', async () => {
    const text = `${aText()}\nwith a second line`;
    for (const [id, headers] of [
      [`repeat-${made}`, {}],
      [undefined, { 'Idempotency-Key': `repeat-${made}` }],
    ] as const) {
      const ticket = { text, subject: 'Help', ...(id === undefined ? {} : { id }) };
      const first = await postOk(ticket, headers);
      const again = await postOk({ ...ticket, text: `${text.replace('\n', ' \r\n')}\r\n`, subject: 'Help ' }, headers);
      expect([again.id, again.body.is_repeat]).toEqual([first.id, true]);
      expect((await ticketNow(first.id)).text).toBe(text);
    }
  });

  it('another subject under the same id or key is a conflict, and the first stays', async () => {
    for (const [id, headers] of [
      [`other-${made}`, {}],
      [undefined, { 'Idempotency-Key': `other-${made}` }],
    ] as const) {
      const ticket = { text: 'the same', subject: 'One', ...(id === undefined ? {} : { id }) };
      const first = await postOk(ticket, headers);
      for (const subject of ['Two', undefined]) {
        const refused = await post({ ...ticket, subject }, headers);
        expect([refused.status, refused.body.ticket_id]).toEqual([409, first.id]);
      }
      expect((await ticketNow(first.id)).subject).toBe('One');
    }
  });

  it('a double click makes one ticket, and the second answer says so', async () => {
    const text = aText();
    const [first, second] = await Promise.all([
      postOk({ text, requester: 'Kim Li <Kim@Example.com>' }),
      postOk({ text: `${text}\n`, requester: KIM }),
    ]);
    expect(second.id).toBe(first.id);
    expect([first, second].map(({ body }) => body.is_repeat).sort()).toEqual([true, undefined]);
  });

  it('the same of two requesters, of none and with ids of their own are tickets of their own', async () => {
    const text = aText();
    const bodies = [
      ...[KIM, 'ann@example.com', null, null, '', ' '].map((requester) => ({ text, requester })),
      { text, requester: KIM, id: `own-${made}` },
      { text, requester: KIM, subject: 'About it' },
    ];
    const ids = [];
    for (const body of bodies) ids.push((await postOk(body)).id);
    ids.push((await postOk({ text, requester: KIM }, { 'Idempotency-Key': `own-${made}` })).id);
    expect(new Set(ids).size).toBe(9);
  });

  it('in a batch: repeats, double clicks and warnings are reported item by item', async () => {
    const text = aText();
    const batch = [
      { text, requester: KIM },
      { text, requester: KIM.toUpperCase(), reported_at: 'now' },
      { text: 5 },
      { text, requester: 17 },
      { text, id: `batch-${made}` },
      { text: `${text} `, id: `batch-${made}` },
      { text, subject: 'New', id: `batch-${made}` },
    ];
    const { body } = await gateway.call<{ results: BatchResult[] }>('POST', '/tickets', batch);
    const reported = body.results.map(({ status_code, body: { is_repeat, warnings } }) => [
      String(status_code),
      is_repeat ?? false,
      warnings?.map(({ path }) => path) ?? [],
    ]);
    expect(reported).toEqual([
      [taken, false, []],
      [taken, true, ['reported_at']],
      ['422', false, []],
      [taken, false, ['requester']],
      [taken, false, []],
      [taken, true, []],
      ['409', false, []],
    ]);
  });

  it('a requester is shown as it was written, without white space around it', async () => {
    const { id } = await postOk({ text: aText(), requester: ' Kim Li <Kim@Example.com>\n' });
    expect((await ticketNow(id)).requester).toBe('Kim Li <Kim@Example.com>');
  });

  if (mode === 'with Redis') {
    it('a double click of which each half reaches another gateway makes one ticket', async () => {
      const ticket = { text: aText(), requester: KIM };
      const answers = await Promise.all([postOk(ticket), postOk(ticket, {}, other)]);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(answers.filter(({ body }) => body.is_repeat)).toHaveLength(1);
    });

    it('a double click leaves nothing readable in the store but the ticket itself', async () => {
      await redis!.command('FLUSHALL');
      const text = aText();
      await postOk({ text, requester: KIM });
      const keys = (await redis!.command('KEYS', '*duplicate:*')) as string[];
      expect(keys).toHaveLength(1);
      expect(keys[0]).toMatch(/^\{smart-support\}:duplicate:[\w-]{43}$/);
    });
  }

  it('DUPLICATE_SECONDS=0 makes every one a ticket of its own', async () => {
    const everyOne = await start({ DUPLICATE_SECONDS: '0' });
    try {
      const ticket = { text: aText(), requester: KIM };
      const ids = [(await postOk(ticket, {}, everyOne)).id, (await postOk(ticket, {}, everyOne)).id];
      expect(new Set(ids).size).toBe(2);
    } finally {
      await everyOne.stop();
    }
  });
});
