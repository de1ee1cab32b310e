import type { TicketHistory } from '../harness/history/ticket-history';
import type { StoredTicket } from '../harness/store-state';
import {
  aHistory,
  aLedgerEntry as answered,
  aStoredTicket as stored,
  aWebhook,
  anEmptyEvidence,
} from '../spec-support';
import type { Evidence } from './evidence';
import { type Finding, allPass, runAudits } from './finding';
import { INCIDENT_AUDITS } from './incident-audits';
import { TICKET_AUDITS } from './ticket-audits';

const AUDITS = [...TICKET_AUDITS, ...INCIDENT_AUDITS];

const life = (statuses: string, changes: Partial<TicketHistory> = {}): TicketHistory =>
  aHistory(statuses.split(' '), changes);

const NO_STORMS: Evidence['storms'] = {
  ...anEmptyEvidence().storms,
  log: ['calm', 'urgent'].map((ticketId, index) => ({
    ...{ entryId: `${index}-0`, atMs: index, receivedMs: index },
    ...{ kind: 'arrived', ticketId },
  })),
};

/** A run in which a calm, an urgent and a poison ticket were processed, and one was routed in-process. */
const GOOD = {
  ledger: [answered('calm', 0, 503, 202, 202), answered('urgent', 202), answered('own', 200, 202)],
  store: {
    incidents: new Map(),
    tickets: new Map([
      ['calm', stored()],
      ['urgent', stored({ urgency: 0.9 })],
      ['own', stored({ urgency: 0.8 })],
      [
        'poison',
        stored({ status: 'dead', agent: undefined, urgency: undefined, errorCode: 'internal', errorMessage: 'no' }),
      ],
    ]),
    loads: new Map([['ann', 0]]),
    openTickets: new Map([['ann', []]]),
    places: new Map<string, readonly string[]>([['tickets:processing', []]]),
    dead: ['poison'],
    unfinished: 0,
  },
  locks: [],
  histories: new Map([
    ['calm', life('queued processing queued processing waiting assigned completed', { stalls: 1 })],
    ['urgent', life('queued processing assigned completed', { alerts: 1 })],
    ['own', life('assigned completed', { commits: 0 })],
    ['poison', life('queued processing queued processing dead', { commits: 0 })],
  ]),
  routedInProcess: new Map([['own', ['assigned', 'completed']]]),
  routerStartTimes: new Map([['own', 500]]),
  storms: NO_STORMS,
  webhooks: [aWebhook('ticket.urgent', 'urgent', { delivered: 2 })],
  refusedWebhooks: 0,
  poison: new Set(['poison']),
  unexpectedCompletions: new Map<string, number>(),
  undoneCompletions: new Set<string>(),
  alertThreshold: 0.8,
  overHttp: new Map([['load of ann', 0]]),
} satisfies Evidence;

const GOOD_STORE = GOOD.store;

/** What fails when the good run is changed. */
function failing(changes: Partial<Evidence>): Finding[] {
  return runAudits({ ...GOOD, ...changes }, AUDITS).filter(({ count }) => count > 0);
}

const namesOf = (findings: readonly Finding[]): string[] => findings.map(({ name }) => name);
const withTicket = (id: string, ticket: StoredTicket): Evidence['store'] => ({
  ...GOOD_STORE,
  tickets: new Map(GOOD_STORE.tickets).set(id, ticket),
});
const withLife = (id: string, history: TicketHistory): Evidence['histories'] =>
  new Map<string, TicketHistory>(GOOD.histories).set(id, history);

describe('the audit', () => {
  it('finds nothing where everything is right', () => {
    expect(failing({})).toEqual([]);
    expect(allPass(runAudits(GOOD, AUDITS))).toBe(true);
    expect(allPass(runAudits({ ...GOOD, refusedWebhooks: 1 }, AUDITS))).toBe(false);
  });

  it('finds a completion that a failover undid, though it was repeated', () => {
    expect(failing({ undoneCompletions: new Set(['calm']) })).toMatchObject([
      { name: 'lost', examples: ['calm: its completion was undone'] },
    ]);
  });

  it('finds a ticket that was never accepted, and unexpected answers', () => {
    const [first, second] = failing({
      ledger: [...GOOD.ledger, answered('never', 0, 503, 500)],
      unexpectedCompletions: new Map([['calm', 409]]),
    });
    expect(first).toMatchObject({ name: 'not accepted', examples: ['never'] });
    expect(second).toMatchObject({ name: 'unexpected answers', examples: ['never: 500', 'completing calm: 409'] });
  });

  it('finds an accepted ticket without a record, or not finished', () => {
    const ledger = [...GOOD.ledger, answered('gone', 202)];
    expect(failing({ ledger })).toMatchObject([{ name: 'lost', examples: ['gone: no record'] }]);
    const store = { ...withTicket('calm', stored({ status: 'waiting', agent: undefined })), unfinished: 1 };
    expect(failing({ store })).toMatchObject([{ name: 'lost', examples: ['calm: waiting'] }]);
  });

  it('finds a ticket that two agents got, that was decided twice, or that was routed in-process and by the queue', () => {
    const twice = life('queued processing assigned processing assigned completed');
    expect(namesOf(failing({ histories: withLife('calm', twice) }))).toEqual(['routed twice', 'forbidden transitions']);
    const decided = life('queued processing assigned completed', { commits: 2 });
    expect(failing({ histories: withLife('calm', decided) })).toMatchObject([
      { name: 'routed twice', examples: ['calm: decided 2 times'] },
    ]);
    const both = life('queued processing assigned completed');
    expect(failing({ histories: withLife('own', both) })).toMatchObject([
      { name: 'routed twice', examples: ['own: in-process and by the queue'] },
    ]);
    expect(failing({ routedInProcess: new Map([['calm', ['assigned']]]) })).toMatchObject([
      { name: 'routed twice', examples: ['calm: in-process and by the queue'] },
    ]);
  });

  it('accepts only a gateway that began when Redis had the ticket already', () => {
    const histories = withLife('own', life('queued processing assigned completed'));
    expect(failing({ histories, routerStartTimes: new Map([['own', 1_001]]) })).toEqual([]);
    expect(failing({ histories, routerStartTimes: new Map([['own', 1_000]]) })).toHaveLength(1);
    expect(failing({ histories, routerStartTimes: new Map() })).toHaveLength(1);
  });

  it('finds an unexpected answer to an operator', () => {
    const ending = { incidentId: 'incident-1-0', action: 'reject', answers: [503, 0, 404, 409, 500] } as const;
    expect(failing({ storms: { ...NO_STORMS, endings: [ending] } })).toMatchObject([
      { name: 'unexpected answers', examples: ['to reject incident-1-0: 500'] },
    ]);
  });

  it('lets a ticket be queued that was suppressed in-process, and decided again once an incident released it', () => {
    const queued = life('queued processing assigned completed');
    const routedInProcess = new Map([['own', ['suppressed']]]);
    expect(failing({ histories: withLife('own', queued), routedInProcess })).toEqual([]);
    const released = 'queued processing suppressed queued processing assigned completed';
    expect(failing({ histories: withLife('calm', life(released, { commits: 2 })) })).toEqual([]);
    expect(failing({ histories: withLife('calm', life(released, { commits: 3 })) })).toMatchObject([
      { name: 'routed twice', examples: ['calm: decided 3 times'] },
    ]);
  });

  it('finds a ticket that was completed twice', () => {
    const histories = withLife('calm', life('queued processing assigned completed completed'));
    expect(failing({ histories })[0]).toMatchObject({ name: 'routed twice', examples: ['calm: completed 2 times'] });
  });

  it.each([
    { loads: new Map([['ann', 1]]), says: 'ann: counted 1, listed 0, by the records 0' },
    { loads: new Map([['ann', -1]]), says: 'ann: counted -1, listed 0, by the records 0' },
    { openTickets: new Map([['ann', ['calm']]]), says: 'ann: counted 0, listed 1, by the records 0' },
  ])('finds a leaked slot: $says', ({ says, ...changes }) => {
    const store = { ...GOOD_STORE, ...changes };
    expect(failing({ store })).toMatchObject([{ name: 'slots leaked', count: 1, examples: [says] }]);
  });

  it('finds that unfinished tickets were counted wrong', () => {
    const store = { ...GOOD_STORE, unfinished: 2 };
    expect(failing({ store })).toMatchObject([{ name: 'counted wrong', examples: ['counted 2, by the records 0'] }]);
  });

  it('finds an alert that never arrived, and does not ask for one at the threshold itself', () => {
    const [webhook] = GOOD.webhooks;
    expect(failing({ webhooks: [] })).toMatchObject([{ name: 'alerts missing', examples: ['urgent'] }]);
    const refused = [{ ...webhook!, delivered: 0 }];
    expect(failing({ webhooks: refused })).toMatchObject([{ name: 'alerts missing', examples: ['urgent'] }]);
  });

  it('finds alerts under two ids, with two bodies, raised twice, or of calm tickets', () => {
    const [webhook] = GOOD.webhooks;
    const webhooks = [
      { ...webhook!, bodies: 2 },
      { ...webhook!, id: 'other' },
      { ...webhook!, id: 'third', about: 'calm' },
    ];
    const histories = withLife('urgent', life('queued processing assigned completed', { alerts: 2 }));
    expect(failing({ webhooks, histories })).toMatchObject([
      { name: 'alerts without cause', examples: ['third of calm'] },
      {
        name: 'alerts under two ids',
        examples: ['urgent: ticket.urgent:urgent, other', 'ticket.urgent:urgent: 2 bodies', 'urgent: raised 2 times'],
      },
    ]);
  });

  it('finds dead letters that were not planted, planted ones that are missing, and ones without a reason', () => {
    const dead = stored({ status: 'dead', agent: undefined, errorCode: 'stalled', errorMessage: 'vanished' });
    const store = { ...withTicket('calm', dead), dead: ['calm', 'poison'] };
    const finding = failing({ store }).find(({ name }) => name === 'dead letters');
    expect(finding?.examples).toEqual(['calm is dead, stalled: vanished']);
    expect(failing({ store: { ...GOOD_STORE, dead: [] } })).toMatchObject([
      { name: 'dead letters', examples: ['poison poison is not among the dead letters'] },
    ]);
    expect(failing({ store: withTicket('poison', stored({ status: 'dead' })) })).toMatchObject([
      { name: 'dead letters', examples: ['poison poison: no reason'] },
    ]);
  });

  it('finds what was left behind in lists, as locks, or as the gateway sees it', () => {
    const store = {
      ...GOOD_STORE,
      places: new Map([['tickets:processing', ['calm', 'urgent']]]),
    };
    expect(failing({ store, locks: ['calm'], overHttp: new Map([['load of ann', 1]]) })).toMatchObject([
      { name: 'left behind', count: 2, examples: ['tickets:processing: calm', 'tickets:processing: urgent'] },
      { name: 'locks left', examples: ['calm'] },
      { name: 'seen over HTTP', examples: ['load of ann: 1'] },
    ]);
  });

  it('shows the first few cases of many', () => {
    const ledger = Array.from({ length: 50 }, (_, index) => answered(`t${index}`, 0));
    expect(failing({ ledger })).toMatchObject([{ count: 50, examples: ['t0', 't1', 't2', 't3', 't4'] }]);
  });
});
