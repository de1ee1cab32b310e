import { VirtualClock } from '@smart-support/testing';
import type { Logger } from '@smart-support/telemetry';
import { ticketOf } from '../mail/ticket-of-mail';
import { aMail } from '../spec-support/mails';
import { type GatewayAnswer, GatewayClient, Stopped } from './gateway-client';

let clock: VirtualClock;
let stopping: AbortController;
let answers: (GatewayAnswer | Error)[];
let sentAt: number[];
let logged: string[];
let client: GatewayClient;

beforeEach(() => {
  clock = new VirtualClock();
  stopping = new AbortController();
  [answers, sentAt, logged] = [[], [], []];
  const log = (level: string) => (_fields: object, message: string) => void logged.push(`${level}: ${message}`);
  const logger = { warn: log('warn'), error: log('error'), debug: () => undefined } as unknown as Logger;
  const send = async (): Promise<GatewayAnswer> => {
    sentAt.push(clock.monotonic());
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error || answer === undefined) throw answer ?? new Error('no answer');
    return answer;
  };
  client = new GatewayClient({ send, clock, logger, stop: stopping.signal });
});

const open = () => client.openTicket(ticketOf(aMail()));

describe('a call of the gateway', () => {
  it.each([
    [200, 'done'],
    [202, 'done'],
    [400, 'refused'],
    [409, 'refused'],
    [413, 'refused'],
    [422, 'refused'],
  ])('that is answered %i is %s', async (status, reply) => {
    answers = [{ status }];
    expect(await open()).toBe(reply);
    expect(logged).toEqual([]);
  });

  it('about a ticket that is not there is answered so', async () => {
    answers = [{ status: 404 }];
    expect(await client.hasTicket('mail:1')).toBe(false);
    expect(await client.addNote('mail:1', 'note', 'mail:2')).toBe('unknown');
  });

  it('is made again when the gateway says so, with one line in the log', async () => {
    answers = [{ status: 429, retryAfterMs: 7_000 }, { status: 503, retryAfterMs: 2_000 }, { status: 202 }];
    const reply = open();
    await clock.run(6_999);
    expect([sentAt.length, client.isWaiting]).toEqual([1, true]);
    await clock.run(10_000);
    expect([await reply, client.isWaiting]).toEqual(['done', false]);
    expect(sentAt).toEqual([0, 7_000, 9_000]);
    expect(logged).toEqual(['warn: waiting: the gateway takes nothing now']);
  });

  it('waits an hour at most, whatever it is told', async () => {
    answers = [{ status: 503, retryAfterMs: 1e15 }, { status: 202 }];
    const reply = open();
    await clock.run(3_600_000);
    expect(await reply).toBe('done');
  });

  it('is made again, less and less often, until somebody answers', async () => {
    answers = [new Error('connect ECONNREFUSED')];
    const reply = open();
    await clock.run(600_000);
    const waits = sentAt.slice(1).map((at, number) => at - (sentAt[number] ?? 0));
    expect(waits.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    answers = [{ status: 200 }];
    await clock.run(60_000);
    expect(await reply).toBe('done');
    expect(logged).toEqual(['warn: waiting: the gateway cannot be reached']);
  });

  it.each([401, 403, 404, 301, 405])('with a wrong key or address (%i) waits for the operator', async (status) => {
    answers = [{ status }];
    const reply = open();
    await clock.run(120_000);
    expect(logged).toEqual([expect.stringContaining('error: waiting: the gateway refuses all calls')]);
    answers = [{ status: 202 }];
    await clock.run(60_000);
    expect(await reply).toBe('done');
  });

  it('that waits ends when the mailbox stops', async () => {
    answers = [{ status: 503, retryAfterMs: 60_000 }];
    const reply = expect(open()).rejects.toThrow(Stopped);
    await clock.run(10);
    stopping.abort();
    await reply;
    expect(clock.waiting).toBe(0);
  });
});
