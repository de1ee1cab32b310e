import { HELD, LET_GO, ROUTED, aHistory, aWebhook, anIncident, goodEvidence } from '../spec-support/evidence';
import type { EndedTicket, Evidence } from './evidence';
import { allPass } from './finding';
import { runDayAudits } from './invariants';

const GOOD = goodEvidence();

const failing = (evidence: Evidence): string[] =>
  runDayAudits(evidence)
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ name }) => name);

/** Good evidence but for the life of one ticket. */
const living = (id: string, statuses: readonly string[]): Evidence => ({
  ...GOOD,
  histories: new Map([...GOOD.histories, [id, aHistory(statuses)]]),
});

/** Good evidence but for the end of one ticket. */
const ending = (id: string, end: Partial<EndedTicket>): Evidence => {
  const before = GOOD.ended.get(id);
  if (!before) throw new Error(`there is no ticket ${id}`);
  return { ...GOOD, ended: new Map([...GOOD.ended, [id, { ...before, ...end }]]) };
};

const withoutHook = (type: string): Evidence => ({
  ...GOOD,
  webhooks: GOOD.webhooks.filter((webhook) => webhook.type !== type),
});

/** Good evidence but for a member that is doubtful by the answer. */
const doubting = (id: string): Evidence => ({
  ...GOOD,
  endings: GOOD.endings.map((one) => (one.action === 'resolve' ? { ...one, doubtful: [id] } : one)),
});

describe('what must hold', () => {
  it('holds on a good day, with figures', () => {
    const findings = runDayAudits(GOOD);
    expect(failing(GOOD)).toEqual([]);
    expect(allPass(findings)).toBe(true);
    expect(findings.filter(({ figures }) => figures === '' || figures.includes('undefined'))).toEqual([]);
  });

  const cases: readonly (readonly [what: string, name: RegExp, evidence: Evidence])[] = [
    [
      'a ticket that was never accepted',
      /accepted/,
      {
        ...GOOD,
        submitted: GOOD.submitted.map((one) => (one.id === 'office-1' ? { ...one, answers: [503, 0] } : one)),
      },
    ],
    [
      'an answer that nobody should get',
      /accepted/,
      {
        ...GOOD,
        submitted: GOOD.submitted.map((one) => (one.id === 'office-1' ? { ...one, answers: [500, 202] } : one)),
      },
    ],
    ['a lost ticket', /none is lost/, { ...GOOD, ended: new Map([...GOOD.ended].slice(1)) }],
    ['a dead ticket', /none is lost/, ending('office-1', { status: 'dead' })],
    ['something left', /left undone/, { ...GOOD, left: new Map([['outbox', 1]]) }],
    ['a ticket with two agents', /routed twice/, living('office-1', [...ROUTED, 'assigned'])],
    ['a ticket completed twice', /routed twice/, living('office-1', [...ROUTED, 'completed'])],
    ['one both in-process and queued', /routed twice/, { ...GOOD, inProcess: new Set(['redis-1', 'office-1']) }],
    ['a change that is not allowed', /change of status/, living('office-1', ['queued', 'completed'])],
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
        webhooks: [...GOOD.webhooks, { ...aWebhook('incident.opened', 'incident-1'), id: 'again', memberCount: 11 }],
      },
    ],
    ['no event for the storm', /verbatim storm/, withoutHook('incident.opened')],
    [
      'an event that tells of more members',
      /verbatim storm/,
      { ...GOOD, webhooks: GOOD.webhooks.map((webhook) => ({ ...webhook, memberCount: 12 })) },
    ],
    ['a storm that opens too late', /verbatim storm/, living('verbatim-11', ROUTED)],
    ['a storm that opens too early', /verbatim storm/, living('verbatim-10', HELD)],
    [
      'an incident of the angry customer',
      /angry/,
      { ...GOOD, incidents: [...GOOD.incidents, anIncident('incident-3', 'angry', 'open', ['angry-1'])] },
    ],
    ['an angry ticket that was not routed', /angry/, living('angry-1', HELD)],
    ['nothing to resolve', /resolved incident/, { ...GOOD, endings: GOOD.endings.slice(1) }],
    ['a member that the resolved incident left', /resolved incident/, ending('verbatim-11', { resolution: 'agent' })],
    ['a member completed twice', /resolved incident/, living('verbatim-11', [...HELD, 'completed'])],
    ['a doubtful member that it completed', /resolved incident/, doubting('verbatim-11')],
    ['no event for the resolved one', /resolved incident/, withoutHook('incident.resolved')],
    ['nothing to reject', /rejected incident/, { ...GOOD, endings: GOOD.endings.slice(0, 1) }],
    ['a member that the rejected one kept', /rejected incident/, living('letters-11', HELD)],
    ['a member routed twice', /rejected incident/, living('letters-11', [...HELD, 'assigned', 'assigned'])],
    [
      'an everyday incident',
      /everyday/,
      { ...GOOD, incidents: [...GOOD.incidents, anIncident('incident-3', 'spike', 'open', [])] },
    ],
    ['a missing alert', /alerts come once/, withoutHook('ticket.urgent')],
    [
      'an alert under two ids',
      /alerts come once/,
      { ...GOOD, webhooks: [...GOOD.webhooks, { ...aWebhook('ticket.urgent', 'office-1'), id: 'again' }] },
    ],
    [
      'an alert without cause',
      /alerts come once/,
      { ...GOOD, webhooks: [...GOOD.webhooks, aWebhook('ticket.urgent', 'office-2')] },
    ],
    [
      'an alert of a suppressed ticket',
      /suppressed/,
      { ...GOOD, webhooks: [...GOOD.webhooks, aWebhook('ticket.urgent', 'verbatim-11')] },
    ],
    ['a webhook without a signature', /signed/, { ...GOOD, refusedWebhooks: 1 }],
    [
      'a webhook that never arrived',
      /signed/,
      { ...GOOD, webhooks: GOOD.webhooks.map((webhook) => ({ ...webhook, delivered: 0 })) },
    ],
    [
      'a breaker that stays closed',
      /breaker/,
      { ...GOOD, samples: GOOD.samples.filter(({ breaker }) => breaker !== 'open') },
    ],
    ['a breaker that stays open', /breaker/, { ...GOOD, samples: GOOD.samples.slice(0, 2) }],
    ['a ticket in flight that nobody took up again', /killed worker/, living('office-2', ROUTED)],
    ['no killed worker', /killed worker/, { ...GOOD, inFlight: undefined }],
    ['a worker that was killed at leisure', /killed worker/, { ...GOOD, inFlight: [] }],
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
      { ...GOOD, histories: new Map([...GOOD.histories].filter(([id]) => id !== 'redis-1')) },
    ],
  ];

  it('holds where a doubtful member of the resolved incident is routed', () => {
    const routed = living('verbatim-11', LET_GO);
    const { endings } = doubting('verbatim-11');
    const { ended } = ending('verbatim-11', { resolution: 'agent', urgency: 0.2 });
    expect(failing({ ...routed, endings, ended }).filter((name) => /resolved incident/.test(name))).toEqual([]);
  });

  it.each(cases)('does not with %s', (_, name, evidence) => {
    const found = failing(evidence);
    expect(found.filter((each) => name.test(each))).not.toEqual([]);
    expect(allPass(runDayAudits(evidence))).toBe(false);
  });

  it('is told of the paraphrased storm, and never judged by it', () => {
    const told = (evidence: Evidence) => runDayAudits(evidence).find(({ verdict }) => verdict === 'told')?.figures;
    const seen = anIncident('incident-3', 'paraphrased', 'open', ['paraphrased-1']);
    const suspected = { ...seen, status: 'gone' as const, opened_at: null };
    expect(told(GOOD)).toContain('no incident');
    expect(told({ ...GOOD, incidents: [...GOOD.incidents, seen] })).toContain('1 incident with 1 member');
    const only = { ...GOOD, incidents: [...GOOD.incidents, suspected] };
    expect(told(only)).toContain('1 suspected incident');
    expect(failing(only)).toEqual([]);
  });
});
