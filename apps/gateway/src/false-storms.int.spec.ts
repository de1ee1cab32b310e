import type { ExplanationReport, Incident, Ticket } from '@smart-support/contracts';
import { BurstDetector } from '@smart-support/storm';
import { eventually } from '@smart-support/testing';
import {
  BOILERPLATE,
  DEAD_SERVER,
  EMOJI,
  MATTERS,
  NAMES,
  NUMBERS,
  SERVER_REQUESTS,
  SIGNATURE,
  STYLE_BLOCK,
  THAI,
} from './spec-support/false-storms';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

/** What is sent with a text. */
interface Sender {
  readonly requester?: string;
  readonly channel?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

let gateway: RunningGateway;
let watched: jest.SpyInstance;
beforeEach(async () => {
  // Everything about storms is left as it is by default.
  gateway = await startGateway();
  watched = jest.spyOn(BurstDetector.prototype, 'observe');
});
afterEach(async () => {
  watched.mockRestore();
  await gateway.stop();
});

const person = (n: number): Sender => ({ requester: `person${n}@example.org` });

/** One after the other, as from so many people. */
async function sendAll(texts: readonly string[], senderOf: (n: number) => Sender = person): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  for (const [n, text] of texts.entries()) {
    const { status, body } = await gateway.call('POST', '/ticket', { id: `T${n + 1}`, text, ...senderOf(n) });
    expect([text, status]).toEqual([text, 200]);
    tickets.push(body);
  }
  return tickets;
}

const incidents = async (): Promise<readonly Incident[]> =>
  (await gateway.call<{ incidents: readonly Incident[] }>('GET', '/incidents')).body.incidents;

const openIncidents = async () => (await incidents()).filter(({ status }) => status === 'open');

/** Bursts are looked for with each sweep: waits for the one in which all tickets have been. */
const burstsLookedFor = (tickets: number) =>
  eventually('bursts have been looked for', () => watched.mock.calls.length >= tickets);

/** By which rule each ticket was no part of a storm. */
const exclusions = async (tickets: readonly Ticket[]): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (const { id } of tickets) {
    found.push((await gateway.call<ExplanationReport>('GET', `/tickets/${id}/explain`)).body.storm_exclusion);
  }
  return found;
};

const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe('twelve people who have nothing in common', () => {
  /** All are routed, and no incident opens; whether a burst is suspected, which is only reported, is another question. */
  async function expectNoStorm(texts: readonly string[]): Promise<unknown[]> {
    expect(texts).toHaveLength(12);
    const tickets = await sendAll(texts);
    await burstsLookedFor(tickets.length);
    for (const { id } of tickets) {
      const { body } = await gateway.call('GET', `/tickets/${id}`);
      expect(['assigned', 'waiting']).toContain(body.status);
      expect(body).toMatchObject({ is_duplicate: false, master_incident_id: null });
    }
    expect(await openIncidents()).toEqual([]);
    return exclusions(tickets);
  }

  it.each<[string, readonly string[], string]>([
    ['different sentences in Thai', THAI, 'unknown_words'],
    [
      'short sentences in Thai above one longer Latin signature',
      THAI.map((text) => `${text}\n${SIGNATURE}`),
      'unknown_words',
    ],
    ['different emoji', EMOJI, 'unknown_words'],
    ['"Hi"', times(12, 'Hi'), 'nothing_said'],
    ['"thanks"', times(12, 'thanks'), 'nothing_said'],
    [
      'voicemail notices',
      NUMBERS.map((n) => `New voicemail from +49 30 ${n}, duration 0:${n % 60} seconds`),
      'nothing_said',
    ],
    [
      'notices of missed calls',
      NUMBERS.map((n) => `Missed call from extension ${n} at 10:${n % 60} AM`),
      'nothing_said',
    ],
  ])('no incident, and each explained by itself: %s', async (_what, texts, rule) => {
    expect(await expectNoStorm(texts)).toEqual(times(12, rule));
    // Tickets that cannot be compared open no suspected incident either.
    expect(await incidents()).toEqual([]);
  });

  it('no incident: different matters below one disclaimer of 300 words, which is not even read', async () => {
    const rules = await expectNoStorm(MATTERS.map((matter) => `${BOILERPLATE}\n\n${matter}`));
    expect(rules).toEqual(times(12, null));
  });

  it('no incident: different matters below one style sheet, which is not even read', async () => {
    expect(STYLE_BLOCK.length).toBeGreaterThan(3_000);
    expect(await expectNoStorm(MATTERS.map((matter) => `${STYLE_BLOCK}<p>${matter}</p>`))).toEqual(times(12, null));
  });

  it.each<[string, readonly string[]]>([
    ['parcels', NUMBERS.map((n) => `When will parcel ${n} arrive?`)],
    ['bookings', NUMBERS.map((n) => `I want to return booking ${n}, it was the wrong size.`)],
    ['passwords', NAMES.map((name) => `Hello, I need a password reset for my account. Regards, ${name}`)],
  ])('no incident, and explained from the eleventh on: requests about %s of their own', async (_what, texts) => {
    expect(await expectNoStorm(texts)).toEqual([...times(10, null), ...times(2, 'own_request')]);
  });

  it.each<[string, readonly string[]]>([
    [
      'passwords of people whose names are most of the text',
      NAMES.map((name) => `Please reset the password of ${name}.`),
    ],
    ['servers that work', SERVER_REQUESTS],
  ])('no incident: requests about %s, which are not even similar', async (_what, texts) => {
    expect(await expectNoStorm(texts)).toEqual(times(12, null));
  });
});

describe('twelve people with one trouble', () => {
  it('an error that each of them names with an order of their own: eleven open one incident, the twelfth is suppressed', async () => {
    const texts = NUMBERS.map((_, n) => `Checkout shows error 503, order ${4100 + 13 * n}`);
    const tickets = await sendAll(texts.slice(0, 11));
    expect(await eventually('the burst has opened', openIncidents, ({ length }) => length > 0)).toHaveLength(1);
    expect((await gateway.call('POST', '/ticket', { text: texts[11], ...person(11) })).body.status).toBe('suppressed');
    expect(await exclusions(tickets)).toEqual(times(11, null));
    expect(await incidents()).toMatchObject([{ status: 'open', member_count: 12 }]);
  });

  it('a dead server in words of their own: eleven open one incident by themselves', async () => {
    await sendAll(DEAD_SERVER.slice(0, 11));
    const found = await eventually('the burst has opened', openIncidents, ({ length }) => length > 0);
    expect(found).toHaveLength(1);
    expect(found[0]?.member_count).toBeGreaterThan(10);
  });
});

describe('machines', () => {
  const TROUBLES = [
    ...[
      'disk usage',
      'cpu load',
      'database replication',
      'certificate expiry',
      'nightly copy',
      'clock offset',
      'memory swap',
    ],
    ...['raid controller', 'name server', 'mail queue', 'cache memory', 'fan speed', 'login errors'],
  ];
  const monitor = (): Sender => ({ requester: 'alerts@example.org' });
  const channel = (): Sender => ({ requester: 'ops@example.org', channel: 'alertmanager' });
  const stated = (): Sender => ({ requester: 'ops@example.org', metadata: { machine: true } });
  const hosts = NUMBERS.concat([55_357, 55_362]).map((n, at) => `disk usage on web${10 + at} is ${n % 100} %`);

  it.each<[string, () => Sender]>([
    ['of one requester', monitor],
    ['of one channel', channel],
    ['that the client calls so', stated],
  ])('thirty equal alarms %s count one by one: one incident', async (_what, sender) => {
    await sendAll(times(30, 'ALERT: payment API is down'), sender);
    expect(await incidents()).toMatchObject([{ status: 'open', member_count: 30 }]);
  });

  it.each<[string, () => Sender]>([
    ['of one requester', monitor],
    ['of one channel', channel],
    ['that the client calls so', stated],
  ])('alarms %s about fourteen hosts, with other numbers, are one matter: one incident', async (_what, sender) => {
    await sendAll(hosts, sender);
    expect(await incidents()).toMatchObject([{ status: 'open', member_count: 14 }]);
  });

  it.each<[string, () => Sender]>([
    ['of one requester', monitor],
    ['of one channel', channel],
    ['that the client calls so', stated],
  ])('thirty recoveries %s are no storm', async (_what, sender) => {
    const tickets = await sendAll(times(30, 'RESOLVED: payment API is up again'), sender);
    expect(await incidents()).toEqual([]);
    expect(await exclusions(tickets)).toEqual(times(30, 'recovery'));
  });

  it('a recovery does not join the incident of its alarm', async () => {
    await sendAll(times(12, 'ALERT: payment API is down'), monitor);
    const text = 'RESOLVED: payment API is down';
    const { body } = await gateway.call('POST', '/ticket', { id: 'recovery', text, ...monitor() });
    expect(body).toMatchObject({ is_duplicate: false, master_incident_id: null });
    expect(await incidents()).toMatchObject([{ status: 'open', member_count: 12 }]);
  });

  it('alarms about different matters are no storm', async () => {
    await sendAll(
      MATTERS.map((_, n) => `ALERT: ${['disk', 'memory', 'queue', 'mail', 'search', 'login'][n % 6]} of ${NAMES[n]}`),
      monitor,
    );
    expect(await incidents()).toEqual([]);
  });

  it.each<[string, (trouble: string, n: number) => string]>([
    [
      'a mail',
      (trouble, n) =>
        `Notification: PROBLEM\nService: ${trouble}\nHost: web${n}\nState: CRITICAL\nInfo: ${trouble} critical`,
    ],
    ['a line', (trouble, n) => `[FIRING:1] ${trouble} (instance web${n}:9100 job node severity critical)`],
  ])('different alarms in the template of %s are no storm', async (_what, alarm) => {
    await sendAll(TROUBLES.map(alarm), monitor);
    expect(await incidents()).toEqual([]);
  });

  it('one person, however the address is written, is one requester', async () => {
    const spellings = [' Mara Lind <Mara@Example.com> ', 'mara@example.com', 'MARA@example.com'];
    const text = 'Checkout shows error 503, nothing can be paid.';
    await sendAll(times(12, text), (n) => ({ requester: spellings[n % 3] as string }));
    expect(await incidents()).toEqual([]);
  });

  it('an empty requester is none: such tickets count one by one', async () => {
    await sendAll(times(11, 'Checkout shows error 503, nothing can be paid.'), () => ({ requester: '  ' }));
    expect(await incidents()).toMatchObject([{ status: 'open', member_count: 11 }]);
  });
});
