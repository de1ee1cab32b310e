import { allPass } from '../../../audit/finding';
import { aHistory, aLedgerEntry, aWebhook } from '../../../spec-support';
import type { StoredTicket } from '../../../harness/store-state';
import { RELEASED, ROUTED, SUPPRESSED, anIncident, goodEvidence } from '../spec-support/evidence';
import { auditDay } from './day-audits';
import type { DayEvidence } from './day-evidence';

const GOOD = goodEvidence();

const failing = (evidence: DayEvidence): string[] =>
  auditDay(evidence)
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name }) => name);

/** Good evidence but for the life of one ticket. */
const living = (id: string, statuses: readonly string[]): DayEvidence => ({
  ...GOOD,
  histories: new Map([...GOOD.histories, [id, aHistory(statuses)]]),
});

/** Good evidence but for the record of one ticket. */
const ending = (id: string, changes: Partial<StoredTicket>): DayEvidence => {
  const before = GOOD.store.tickets.get(id);
  if (!before) throw new Error(`there is no ticket ${id}`);
  return {
    ...GOOD,
    store: { ...GOOD.store, tickets: new Map([...GOOD.store.tickets, [id, { ...before, ...changes }]]) },
  };
};

const withoutHook = (type: string): DayEvidence => ({
  ...GOOD,
  webhooks: GOOD.webhooks.filter((webhook) => webhook.type !== type),
});

/** Good evidence but for a ticket that is not in the store. */
const lost = (): DayEvidence => ({
  ...GOOD,
  store: { ...GOOD.store, tickets: new Map([...GOOD.store.tickets].slice(1)) },
});

/** Good evidence but for the answers to one ticket. */
const answered = (id: string, ...statuses: readonly number[]): DayEvidence => ({
  ...GOOD,
  ledger: GOOD.ledger.map((entry) => (entry.id === id ? aLedgerEntry(id, ...statuses) : entry)),
});

/** Good evidence but for a member that is doubtful by the answer. */
const doubting = (id: string): DayEvidence => ({
  ...GOOD,
  endings: GOOD.endings.map((one) => (one.action === 'resolve' ? { ...one, doubtful: [id] } : one)),
});

/** Evidence with a member that is doubtful by the store. */
const doubtfulInStore = (evidence: DayEvidence, id: string): DayEvidence => {
  const incidents = [...evidence.store.incidents].map(([key, incident]) => {
    return [key, { ...incident, doubtful: incident.members.includes(id) ? [id] : [] }] as const;
  });
  return { ...evidence, store: { ...evidence.store, incidents: new Map(incidents) } };
};

describe('the audits of a day', () => {
  it('pass on a good day, with figures', () => {
    const findings = auditDay(GOOD);
    expect(failing(GOOD)).toEqual([]);
    expect(allPass(findings)).toBe(true);
    expect(findings.filter(({ how }) => how === '' || how.includes('undefined'))).toEqual([]);
  });

  const cases: readonly (readonly [what: string, name: RegExp, evidence: DayEvidence])[] = [
    ['a ticket that was never accepted', /not accepted/, answered('office-1', 503, 0)],
    ['an unexpected answer', /unexpected answers/, answered('office-1', 500, 202)],
    ['a lost ticket', /lost/, lost()],
    ['a dead ticket', /dead letters/, ending('office-1', { status: 'dead' })],
    ['something left', /left undone/, { ...GOOD, left: new Map([['outbox', 1]]) }],
    ['an answer that differs from the store', /what is stored/, { ...GOOD, wrongAnswers: ['another status'] }],
    ['a ticket with two agents', /routed twice/, living('office-1', [...ROUTED, 'assigned'])],
    ['a ticket completed twice', /routed twice/, living('office-1', [...ROUTED, 'completed'])],
    [
      'one both in-process and queued',
      /routed twice/,
      { ...GOOD, routedInProcess: new Map([['office-1', ['assigned']]]) },
    ],
    ['a change that is not allowed', /forbidden transitions/, living('office-1', ['queued', 'assigned'])],
    ['no incident for the storm', /verbatim storm/, { ...GOOD, incidents: GOOD.incidents.slice(1) }],
    [
      'two incidents for the storm',
      /verbatim storm/,
      { ...GOOD, incidents: [...GOOD.incidents, anIncident('incident-3', 'verbatim', 'open', [])] },
    ],
    [
      'two events for the storm',
      /verbatim storm/,
      {
        ...GOOD,
        webhooks: [...GOOD.webhooks, aWebhook('incident.opened', 'incident-1', { id: 'again', memberCount: 11 })],
      },
    ],
    ['no event for the storm', /verbatim storm/, withoutHook('incident.opened')],
    [
      'an event with more members',
      /verbatim storm/,
      { ...GOOD, webhooks: GOOD.webhooks.map((webhook) => ({ ...webhook, memberCount: 12 })) },
    ],
    ['a storm that opens too late', /verbatim storm/, living('verbatim-11', ROUTED)],
    ['a storm that opens too early', /verbatim storm/, living('verbatim-10', SUPPRESSED)],
    [
      'an incident of the angry customer',
      /angry/,
      { ...GOOD, incidents: [...GOOD.incidents, anIncident('incident-3', 'angry', 'open', ['angry-1'])] },
    ],
    ['an angry ticket that was not routed', /angry/, living('angry-1', SUPPRESSED)],
    ['nothing to resolve', /resolved incident/, { ...GOOD, endings: GOOD.endings.slice(1) }],
    ['a member that the resolved incident left', /resolved incident/, ending('verbatim-11', { resolution: 'agent' })],
    ['a member completed twice', /resolved incident/, living('verbatim-11', [...SUPPRESSED, 'completed'])],
    ['a doubtful member that the store does not know', /the resolved incident/, doubting('verbatim-11')],
    ['a doubtful member that it completed', /members of resolved/, doubtfulInStore(GOOD, 'verbatim-11')],
    ['no event for the resolved one', /incident events/, withoutHook('incident.resolved')],
    ['nothing to reject', /rejected incident/, { ...GOOD, endings: GOOD.endings.slice(0, 1) }],
    ['a member that the rejected one kept', /rejected incident/, living('letters-11', SUPPRESSED)],
    ['a member routed twice', /rejected incident/, living('letters-11', [...SUPPRESSED, 'assigned', 'assigned'])],
    [
      'an everyday incident',
      /everyday/,
      { ...GOOD, incidents: [...GOOD.incidents, anIncident('incident-3', 'spike', 'open', [])] },
    ],
    ['a missing alert', /alerts missing/, withoutHook('ticket.urgent')],
    [
      'an alert under two ids',
      /alerts under two ids/,
      { ...GOOD, webhooks: [...GOOD.webhooks, aWebhook('ticket.urgent', 'office-1', { id: 'again' })] },
    ],
    [
      'an alert without cause',
      /alerts without cause/,
      { ...GOOD, webhooks: [...GOOD.webhooks, aWebhook('ticket.urgent', 'office-2')] },
    ],
    [
      'an alert of a suppressed ticket',
      /alerts of suppressed tickets/,
      { ...GOOD, webhooks: [...GOOD.webhooks, aWebhook('ticket.urgent', 'verbatim-11')] },
    ],
    ['a webhook without a signature', /signatures/, { ...GOOD, refusedWebhooks: 1 }],
    [
      'a webhook that never arrived',
      /delivered/,
      { ...GOOD, webhooks: GOOD.webhooks.map((webhook) => ({ ...webhook, delivered: 0 })) },
    ],
    [
      'a breaker that stays closed',
      /breaker/,
      { ...GOOD, samples: GOOD.samples.filter(({ breaker }) => breaker !== 'open') },
    ],
    ['a breaker that stays open', /breaker/, { ...GOOD, samples: GOOD.samples.slice(0, 2) }],
    ['a ticket in flight that was not claimed again', /killed worker/, living('office-2', ROUTED)],
    ['no killed worker', /killed worker/, { ...GOOD, inFlight: undefined }],
    ['a worker that was idle when it was killed', /killed worker/, { ...GOOD, inFlight: [] }],
    ['a ticket that died with its worker', /killed worker/, { ...ending('office-2', { status: 'processing' }) }],
    [
      'a gateway that never goes sync',
      /sync/,
      { ...GOOD, samples: GOOD.samples.filter(({ mode }) => mode !== 'sync') },
    ],
    ['a gateway that stays sync', /sync/, { ...GOOD, samples: GOOD.samples.slice(0, 4) }],
    [
      'a ticket that was not handed over',
      /sync/,
      { ...GOOD, histories: new Map([...GOOD.histories].filter(([id]) => id !== 'office-4')) },
    ],
  ];

  it('pass where a doubtful member of the resolved incident is routed', () => {
    const { histories } = living('verbatim-11', RELEASED);
    const routed = {
      resolution: 'agent',
      urgency: 0.2,
      incident: undefined,
      released: 'incident-1',
      isDuplicate: false,
    };
    const evidence = { ...ending('verbatim-11', routed), histories, endings: doubting('verbatim-11').endings };
    const names = failing(doubtfulInStore(evidence, 'verbatim-11'));
    expect(names.filter((name) => /resolved incident/.test(name))).toEqual([]);
  });

  it.each(cases)('fail with %s', (_, name, evidence) => {
    const found = failing(evidence);
    expect(found.filter((each) => name.test(each))).not.toEqual([]);
    expect(allPass(auditDay(evidence))).toBe(false);
  });

  it('report the paraphrased storm, and never judge it', () => {
    const info = (evidence: DayEvidence) => auditDay(evidence).find(({ verdict }) => verdict === 'info')?.how;
    const seen = anIncident('incident-3', 'paraphrased', 'open', ['paraphrased-1']);
    const suspected = { ...seen, status: 'gone' as const, opened_at: null };
    expect(info(GOOD)).toContain('no incident');
    expect(info({ ...GOOD, incidents: [...GOOD.incidents, seen] })).toContain('1 incident with 1 member');
    const only = { ...GOOD, incidents: [...GOOD.incidents, suspected] };
    expect(info(only)).toContain('1 suspected incident');
    expect(failing(only)).toEqual([]);
  });
});
