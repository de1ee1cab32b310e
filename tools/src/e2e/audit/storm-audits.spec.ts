import type { PlantedStorm } from '../scenarios/chaos/traffic/storms';
import type { Evidence, IncidentWebhookEvidence, StoredIncident, StoredTicket } from './evidence';
import { type Finding, runAudits } from './ticket-audits';
import type { LoggedEntry } from '../harness/history/storm-history';
import type { TicketHistory } from '../harness/history/ticket-history';

/** Storms of four reports each: the first is resolved, the second rejected, the third goes on. The third report opens an incident. */
const [RESOLVED, REJECTED, OPEN] = ['incident-103-0', 'incident-203-0', 'incident-303-0'] as const;
const idOf = (storm: number, reporter: number): string => `storm-1-${storm}-${reporter}`;
const REPORTERS = [1, 2, 3, 4];

const planted = [0, 1, 2].map((number): PlantedStorm => ({
  number,
  outage: number,
  at: 0,
  reports: REPORTERS.map((reporter) => ({
    id: idOf(number, reporter),
    text: 'Nothing works',
    requester: `r${reporter}`,
  })),
  ending: 'leave',
  endedAfterMs: 0,
}));

const arrived = (storm: number, reporter: number): LoggedEntry => {
  const atMs = 100 * (storm + 1) + reporter;
  return { entryId: `${atMs}-0`, atMs, kind: 'arrived', ticketId: idOf(storm, reporter), receivedMs: atMs };
};
const arrivals = (storm: number): LoggedEntry[] => REPORTERS.map((reporter) => arrived(storm, reporter));
const LOG: readonly LoggedEntry[] = [
  ...arrivals(0),
  { entryId: '190-0', atMs: 190, kind: 'resolved', incidentId: RESOLVED },
  ...arrivals(1),
  { entryId: '290-0', atMs: 290, kind: 'rejected', incidentId: REJECTED },
  ...arrivals(2),
];

const incident = (storm: number, status: string): StoredIncident => {
  const members = REPORTERS.map((reporter) => idOf(storm, reporter));
  return {
    status,
    wasOpened: true,
    representative: members[0] ?? '',
    members,
    doubtful: [],
    likeness: members,
    requesters: new Map(REPORTERS.map((reporter) => [`r:r${reporter}`, 1])),
    counted: members,
    byCategory: members.length,
    unsettled: [],
  };
};
const INCIDENTS = new Map([
  [RESOLVED, incident(0, 'resolved')],
  [REJECTED, incident(1, 'rejected')],
  [OPEN, incident(2, 'open')],
]);

const life = (statuses: string, changes: Partial<TicketHistory> = {}): TicketHistory => ({
  steps: statuses.split(' ').map((status) => ({ status, agent: undefined })),
  commits: statuses.includes('suppressed queued') ? 2 : 1,
  stalls: 0,
  alerts: 0,
  ...changes,
});
const routed = 'queued processing assigned completed';
const LIVES = [
  `queued processing suppressed completed`,
  `queued processing suppressed queued processing assigned completed`,
  `queued processing suppressed`,
];

const stored = (storm: number, reporter: number): StoredTicket => {
  const isFounder = reporter < 3;
  const isMarked = storm !== 1;
  return {
    status: storm === 2 && !isFounder ? 'suppressed' : 'completed',
    agent: 'ann',
    urgency: 0.9,
    errorCode: undefined,
    errorMessage: undefined,
    resolution: storm === 2 && !isFounder ? undefined : storm === 0 && !isFounder ? 'incident' : 'agent',
    incident: isMarked ? [RESOLVED, REJECTED, OPEN][storm] : undefined,
    released: undefined,
    isDuplicate: isMarked && reporter !== 1,
    receivedMs: 1_000,
  };
};
const all = [0, 1, 2].flatMap((storm) => REPORTERS.map((reporter) => [storm, reporter] as const));
const isRouted = (storm: number, reporter: number): boolean => reporter < 3 || storm === 1;

const told = (type: string, incidentId: string, storm: number): IncidentWebhookEvidence => ({
  id: `${type}:${incidentId}`,
  ...{ type, incidentId, representative: idOf(storm, 1), delivered: 1, bodies: 1 },
});
const STORMS: Evidence['storms'] = {
  planted,
  rules: { windowMs: 50, quietMs: 1000, ticketThreshold: 2 },
  log: LOG,
  incidents: INCIDENTS,
  raised: new Map([
    [`incident.opened:${RESOLVED}`, 1],
    [`incident.opened:${REJECTED}`, 1],
    [`incident.opened:${OPEN}`, 1],
    [`incident.resolved:${RESOLVED}`, 1],
  ]),
  webhooks: [
    told('incident.opened', RESOLVED, 0),
    told('incident.opened', REJECTED, 1),
    told('incident.opened', OPEN, 2),
    told('incident.resolved', RESOLVED, 0),
  ],
  endings: [],
};
const GOOD: Evidence = {
  ledger: all.map(([storm, reporter]) => ({
    id: idOf(storm, reporter),
    text: 'Nothing works',
    answers: [{ sentAt: 0, waitedMs: 1, status: 202 }],
  })),
  store: {
    tickets: new Map(all.map(([storm, reporter]) => [idOf(storm, reporter), stored(storm, reporter)])),
    loads: new Map(),
    openTickets: new Map(),
    places: new Map(),
    locks: [],
    dead: [],
    unfinished: 2,
  },
  histories: new Map(
    all.map(([storm, reporter]) => [idOf(storm, reporter), life(reporter < 3 ? routed : (LIVES[storm] ?? ''))]),
  ),
  routedInProcess: new Map(),
  beginningsOfRouters: new Map(),
  storms: STORMS,
  webhooks: all
    .filter(([storm, reporter]) => isRouted(storm, reporter))
    .map(([storm, reporter]) => idOf(storm, reporter))
    .map((ticketId) => ({ id: `ticket.urgent:${ticketId}`, ticketId, delivered: 1, bodies: 1 })),
  refusedWebhooks: 0,
  poison: new Set(),
  unexpectedCompletions: new Map(),
  undoneCompletions: new Set(),
  alertThreshold: 0.8,
  overHttp: new Map(),
};

/** What fails when the good run is changed. */
function failing(changes: Partial<Evidence>): Finding[] {
  return runAudits({ ...GOOD, ...changes }).filter(({ count }) => count > 0);
}
const withStorms = (changes: Partial<Evidence['storms']>): Finding[] => failing({ storms: { ...STORMS, ...changes } });
const withIncident = (id: string, changes: Partial<StoredIncident>): Finding[] =>
  withStorms({
    incidents: new Map(INCIDENTS).set(id as typeof OPEN, { ...INCIDENTS.get(id as typeof OPEN)!, ...changes }),
  });
const withTicket = (id: string, changes: Partial<StoredTicket>): Pick<Evidence, 'store'> => ({
  store: {
    ...GOOD.store,
    tickets: new Map(GOOD.store.tickets).set(id, { ...GOOD.store.tickets.get(id)!, ...changes }),
  },
});
const withLife = (id: string, history: TicketHistory): Pick<Evidence, 'histories'> => ({
  histories: new Map(GOOD.histories).set(id, history),
});
const examples = (findings: readonly Finding[], name: string): readonly string[] =>
  findings.find((finding) => finding.name === name)?.examples ?? [];

describe('the audit of storms', () => {
  it('finds nothing where everything is right', () => {
    expect(failing({})).toEqual([]);
  });

  it('finds a ticket that is in the log twice, or was decided without it', () => {
    const again = { ...arrived(2, 4), entryId: '399-0' };
    expect(withStorms({ log: [...LOG, again] })).toMatchObject([
      { name: 'noted in the log', examples: [`${idOf(2, 4)}: 2 times`] },
    ]);
    const without = LOG.filter((entry) => !('ticketId' in entry) || entry.ticketId !== idOf(1, 4));
    expect(examples(withStorms({ log: without }), 'noted in the log')).toEqual([`${idOf(1, 4)}: never`]);
  });

  it('finds a storm without its incident, and an incident without a storm', () => {
    const without = withStorms({ incidents: new Map([...INCIDENTS].filter(([id]) => id !== REJECTED)) });
    expect(examples(without, 'storms and incidents')).toEqual([
      `${REJECTED} is not there`,
      'storm 1: 0 incidents instead of 1, 1 at most',
    ]);
    const another = withStorms({
      incidents: new Map<string, StoredIncident>(INCIDENTS).set('incident-9-0', incident(2, 'quiet')),
    });
    expect(examples(another, 'storms and incidents')).toEqual([
      'incident-9-0 should not be there',
      'storm 2: 2 incidents instead of 1, 1 at most',
    ]);
    expect(examples(another, 'in two incidents')[0]).toBe(`${idOf(2, 1)} in ${OPEN} and incident-9-0`);
  });

  it('does not ask for a suspicion to be told of as if it had opened', () => {
    const suspected = { ...incident(2, 'suspected'), wasOpened: false };
    expect(
      withStorms({ incidents: new Map<string, StoredIncident>(INCIDENTS).set('incident-9-0', suspected) }),
    ).toEqual([]);
  });

  it('finds more incidents that a gateway opened by itself than there were times to', () => {
    const own = { ...told('incident.opened', 'incident-7-0', 2), id: 'incident.opened:incident-7-0' };
    const webhooks = [...STORMS.webhooks, own];
    expect(withStorms({ webhooks })).toMatchObject([
      {
        name: 'storms seen in-process',
        examples: ['storm 2: 1 incidents in 0 stretches in-process, of them 0 resolved'],
      },
    ]);
    expect(withStorms({ webhooks: [...STORMS.webhooks, { ...own, representative: 'chaos-1' }] })).toMatchObject([
      { name: 'storms seen in-process', examples: ['incident-7-0: of no storm'] },
    ]);
    const adopted = {
      ...withLife(idOf(2, 2), life('assigned completed')),
      routedInProcess: new Map([[idOf(2, 2), ['assigned']]]),
    };
    expect(failing({ ...adopted, storms: { ...STORMS, webhooks } })).toEqual([]);
    const second = { ...told('incident.opened', 'incident-8-0', 2), id: 'incident.opened:incident-8-0' };
    const twice = { ...STORMS, webhooks: [...webhooks, second] };
    expect(examples(failing({ ...adopted, storms: twice }), 'storms seen in-process')).toEqual([
      'storm 2: 2 incidents in 1 stretches in-process, of them 0 resolved',
    ]);
    const endings = [{ incidentId: 'incident-7-0', action: 'resolve', answers: [503, 200] }] as const;
    expect(failing({ ...adopted, storms: { ...twice, endings } })).toEqual([]);
  });

  it('finds members that are missing, and others that are none', () => {
    const some = INCIDENTS.get(OPEN)!.members.slice(0, 3);
    expect(examples(withIncident(OPEN, { members: some }), 'members')).toEqual([`${idOf(2, 4)} is not in ${OPEN}`]);
    const more = [...INCIDENTS.get(OPEN)!.members, 'chaos-1-1'];
    expect(examples(withIncident(OPEN, { members: more }), 'members')).toEqual([
      `chaos-1-1 is in ${OPEN}`,
      `everyday chaos-1-1 is in ${OPEN}`,
    ]);
  });

  it('finds a ticket that is suppressed by nobody', () => {
    const ended = withIncident(OPEN, { status: 'resolved' });
    expect(examples(ended, 'suppressed by nobody')).toContain(`${idOf(2, 3)} by ${OPEN}, which is resolved`);
    expect(examples(ended, 'lost')).toContain(`${idOf(2, 3)}: suppressed`);
    expect(examples(failing(withTicket(idOf(2, 3), { incident: undefined })), 'suppressed by nobody')).toEqual([
      `${idOf(2, 3)} by no incident, which is not there`,
    ]);
    const unknown = withIncident(OPEN, { members: INCIDENTS.get(OPEN)!.members.slice(0, 3) });
    expect(examples(unknown, 'suppressed by nobody')).toEqual([`${idOf(2, 4)} by ${OPEN}, which does not know it`]);
  });

  it.each([
    { now: 'queued processing suppressed', says: 'completed 0 times, by incident' },
    { now: 'queued processing suppressed completed completed', says: 'completed 2 times, by incident' },
    { now: 'queued processing suppressed queued processing assigned completed', says: 'given to an agent, too' },
  ])('finds a member of a resolved incident that is $now', ({ now, says }) => {
    const findings = failing(withLife(idOf(0, 3), life(now)));
    expect(examples(findings, 'members of resolved incidents')).toContain(`${idOf(0, 3)} of ${RESOLVED}: ${says}`);
  });

  describe('a doubtful member of a resolved incident', () => {
    const id = idOf(0, 3);
    const doubtful = {
      ...STORMS,
      incidents: new Map([...INCIDENTS, [RESOLVED, { ...incident(0, 'resolved'), doubtful: [id] }]]),
    };
    const tickets = (changes: Partial<StoredTicket>) => ({
      ...GOOD.store,
      tickets: new Map([
        ...GOOD.store.tickets,
        [
          id,
          {
            ...stored(0, 3),
            resolution: 'agent',
            incident: undefined,
            isDuplicate: false,
            released: RESOLVED,
            ...changes,
          },
        ],
      ]),
    });
    const histories = new Map([...GOOD.histories, [id, life(LIVES[1]!)]]);
    const rules = ['members of resolved incidents', 'incident books'];
    const found = (changes: Partial<StoredTicket>, life = histories) =>
      runAudits({ ...GOOD, storms: doubtful, store: tickets(changes), histories: life })
        .filter(({ name, examples: cases }) => rules.includes(name) && cases.length > 0)
        .flatMap(({ examples: cases }) => cases);

    it('is routed once, and marked no more', () => {
      expect(found({})).toEqual([]);
    });

    it.each([
      ['was completed by it', { resolution: 'incident', released: undefined, incident: RESOLVED }],
      ['was released by another', { released: OPEN }],
    ] as const)('is found if it %s', (_what, changes) => {
      expect(found(changes)).toContainEqual(expect.stringContaining(`doubtful ${id} of ${RESOLVED}`));
    });

    it('is found if it was never given to an agent', () => {
      expect(found({}, GOOD.histories as typeof histories)).toEqual([
        `doubtful ${id} of ${RESOLVED}: released by ${RESOLVED}, given to an agent 0 times, completed by agent`,
      ]);
    });
  });

  it('finds a ticket that was completed by an incident that is not resolved, or although somebody had it', () => {
    const open = failing(withTicket(idOf(2, 3), { status: 'completed', resolution: 'incident' }));
    expect(examples(open, 'members of resolved incidents')).toEqual([`${idOf(2, 3)} was completed by ${OPEN}`]);
    const founder = failing(withTicket(idOf(0, 1), { resolution: 'incident' }));
    expect(examples(founder, 'members of resolved incidents')).toEqual([
      `${idOf(0, 1)} was completed by ${RESOLVED}, and given to an agent`,
    ]);
  });

  it('finds a member of a rejected incident that was not routed once, or is still marked', () => {
    const held = failing(withLife(idOf(1, 3), life('queued processing suppressed')));
    expect(examples(held, 'members of rejected incidents')).toEqual([
      `${idOf(1, 3)} of ${REJECTED}: given to an agent 0 times, completed by agent`,
    ]);
    const marked = failing(withTicket(idOf(1, 1), { incident: REJECTED }));
    expect(examples(marked, 'members of rejected incidents')).toEqual([
      `${idOf(1, 1)} is still marked as one of ${REJECTED}`,
    ]);
  });

  it('finds alerts of suppressed tickets', () => {
    const raised = failing(withLife(idOf(2, 3), life(LIVES[2]!, { alerts: 1, alertsAfter: [2] })));
    expect(examples(raised, 'alerts of suppressed tickets')).toEqual([
      `${idOf(2, 3)}: raised between processing and suppressed`,
    ]);
    const later = failing(withLife(idOf(2, 3), life(LIVES[2]!, { alerts: 1, alertsAfter: [3] })));
    expect(examples(later, 'alerts of suppressed tickets')).toEqual([
      `${idOf(2, 3)}: raised between suppressed and the end`,
    ]);
    const webhook = { id: 'ticket.urgent:x', ticketId: idOf(2, 4), delivered: 1, bodies: 1 };
    expect(examples(failing({ webhooks: [...GOOD.webhooks, webhook] }), 'alerts of suppressed tickets')).toEqual([
      'ticket.urgent:x: its ticket was never routed',
    ]);
  });

  it('asks for the alert of a ticket that was let go', () => {
    const webhooks = GOOD.webhooks.filter(({ ticketId }) => ticketId !== idOf(1, 4));
    expect(failing({ webhooks })).toMatchObject([{ name: 'alerts missing', examples: [idOf(1, 4)] }]);
  });

  it('does not ask for one of a ticket that first waited in line and then was suppressed twice', () => {
    const waited = life('queued processing waiting suppressed', { alerts: 1, alertsAfter: [2] });
    const webhook = { id: 'ticket.urgent:x', ticketId: idOf(2, 3), delivered: 1, bodies: 1 };
    expect(failing({ ...withLife(idOf(2, 3), waited), webhooks: [...GOOD.webhooks, webhook] })).toEqual([]);
  });

  it('finds incidents that were told of too often, too seldom, or without cause', () => {
    const raised = new Map(STORMS.raised);
    raised.set(`incident.opened:${OPEN}`, 2).delete(`incident.resolved:${RESOLVED}`);
    raised.set(`incident.resolved:${REJECTED}`, 1);
    const webhooks = [...STORMS.webhooks, told('incident.resolved', REJECTED, 1)];
    expect(examples(withStorms({ raised, webhooks }), 'incidents told of')).toEqual([
      `incident.resolved of ${RESOLVED}: raised 0 times`,
      `incident.resolved of ${REJECTED}: raised without cause`,
      `incident.opened of ${OPEN}: raised 2 times`,
    ]);
  });

  it('finds events that were never delivered, or came under two ids or with two bodies', () => {
    const [first, ...others] = STORMS.webhooks as [IncidentWebhookEvidence];
    const lost = withStorms({ webhooks: [{ ...first, delivered: 0 }, ...others] });
    expect(examples(lost, 'incidents told of')).toEqual([`incident.opened of ${RESOLVED}: never delivered`]);
    const twice = withStorms({ webhooks: [...STORMS.webhooks, { ...first, id: 'other', bodies: 2 }] });
    expect(examples(twice, 'incidents told of')).toEqual([
      `incident.opened of ${RESOLVED}: under 2 ids`,
      'other: 2 bodies',
    ]);
  });

  it('lets a gateway have told of it before, and of its own incidents once each', () => {
    const raised = new Map([...STORMS.raised].filter(([event]) => event !== `incident.opened:${OPEN}`));
    expect(examples(withStorms({ raised }), 'incidents told of')).toEqual([
      `incident.opened of ${OPEN}: raised 0 times`,
    ]);
    const adopted = {
      ...withLife(idOf(2, 2), life('assigned completed')),
      routedInProcess: new Map([[idOf(2, 2), ['assigned']]]),
    };
    expect(failing({ ...adopted, storms: { ...STORMS, raised } })).toEqual([]);
    const own = told('incident.opened', 'incident-7-0', 2);
    const webhooks = [...STORMS.webhooks, own, { ...own, id: 'other' }];
    expect(examples(withStorms({ webhooks }), 'incidents told of')).toEqual([
      'incident.opened of incident-7-0: 2 times',
    ]);
  });

  it.each<{ changes: Partial<StoredIncident>; says: string }>([
    { changes: { likeness: [] }, says: '0 likenesses' },
    { changes: { requesters: new Map([['r:r1', 3]]) }, says: '3 by requester' },
    { changes: { counted: ['other'], byCategory: 1 }, says: 'counts categories of others' },
    { changes: { byCategory: 3 }, says: '3 by category, of 4' },
    { changes: { representative: 'other' }, says: 'other speaks for it' },
    { changes: { unsettled: [idOf(2, 3)] }, says: `${idOf(2, 3)} is unsettled` },
  ])('finds books that do not agree: $says', ({ changes, says }) => {
    expect(examples(withIncident(OPEN, changes), 'incident books')).toContain(`${OPEN} (4 members): ${says}`);
  });

  it('finds tickets that are marked wrongly', () => {
    expect(examples(failing(withTicket(idOf(2, 1), { incident: undefined })), 'incident books')).toEqual([
      `${OPEN} (4 members): ${idOf(2, 1)} is a member and marked with none`,
    ]);
    expect(examples(failing(withTicket(idOf(2, 1), { isDuplicate: true })), 'incident books')).toEqual([
      `${OPEN} (4 members): ${idOf(2, 1)} is wrongly a duplicate`,
    ]);
    expect(examples(failing(withTicket(idOf(1, 1), { incident: OPEN, isDuplicate: true })), 'incident books')).toEqual([
      `${OPEN} (4 members): ${idOf(1, 1)} is marked and no member`,
    ]);
  });
});
