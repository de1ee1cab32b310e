import type { TicketHistory } from '../harness/history/ticket-history';
import type { LoggedEntry } from '../harness/history/write-history';
import type { StoredIncident, StoredTicket } from '../harness/store-state';
import { aHistory, aLedgerEntry, aStoredIncident, aStoredTicket, aWebhook, anEmptyEvidence } from '../spec-support';
import type { Evidence, WebhookEvidence } from './evidence';
import { type Finding, runAudits } from './finding';
import { INCIDENT_AUDITS } from './incident-audits';
import type { PlantedStorm } from './planted-storm';
import { PLANTED_STORM_AUDITS } from './planted-storm-audits';
import { TICKET_AUDITS } from './ticket-audits';

const AUDITS = [...TICKET_AUDITS, ...PLANTED_STORM_AUDITS, ...INCIDENT_AUDITS];

/** Storms of four reports each: the first is resolved, the second rejected, the third goes on. The third report opens an incident. */
const [RESOLVED, REJECTED, OPEN] = ['incident-103-0', 'incident-203-0', 'incident-303-0'] as const;
const idOf = (storm: number, reporter: number): string => `storm-1-${storm}-${reporter}`;
const REPORTERS = [1, 2, 3, 4];

const planted = [0, 1, 2].map((number): PlantedStorm => ({
  number,
  outage: number,
  reports: REPORTERS.map((reporter) => ({ id: idOf(number, reporter) })),
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

const incident = (storm: number, status: string): StoredIncident =>
  aStoredIncident(
    status,
    REPORTERS.map((reporter) => idOf(storm, reporter)),
  );
const INCIDENTS = new Map([
  [RESOLVED, incident(0, 'resolved')],
  [REJECTED, incident(1, 'rejected')],
  [OPEN, incident(2, 'open')],
]);

const life = (statuses: string, changes: Partial<TicketHistory> = {}): TicketHistory =>
  aHistory(statuses.split(' '), { commits: statuses.includes('suppressed queued') ? 2 : 1, ...changes });
const routed = 'queued processing assigned completed';
const LIVES = [
  `queued processing suppressed completed`,
  `queued processing suppressed queued processing assigned completed`,
  `queued processing suppressed`,
];

const stored = (storm: number, reporter: number): StoredTicket => {
  const isFounder = reporter < 3;
  const isMarked = storm !== 1;
  return aStoredTicket({
    urgency: 0.9,
    status: storm === 2 && !isFounder ? 'suppressed' : 'completed',
    resolution: storm === 2 && !isFounder ? undefined : storm === 0 && !isFounder ? 'incident' : 'agent',
    incident: isMarked ? [RESOLVED, REJECTED, OPEN][storm] : undefined,
    isDuplicate: isMarked && reporter !== 1,
  });
};
const all = [0, 1, 2].flatMap((storm) => REPORTERS.map((reporter) => [storm, reporter] as const));
const isRouted = (storm: number, reporter: number): boolean => reporter < 3 || storm === 1;

const event = (type: string, incidentId: string, storm: number): WebhookEvidence =>
  aWebhook(type, incidentId, { memberCount: 4, representative: idOf(storm, 1) });
const EVENTS: readonly WebhookEvidence[] = [
  event('incident.opened', RESOLVED, 0),
  event('incident.opened', REJECTED, 1),
  event('incident.opened', OPEN, 2),
  event('incident.resolved', RESOLVED, 0),
];
const ALERTS: readonly WebhookEvidence[] = all
  .filter(([storm, reporter]) => isRouted(storm, reporter))
  .map(([storm, reporter]) => aWebhook('ticket.urgent', idOf(storm, reporter)));
const STORMS: Evidence['storms'] = {
  planted,
  rules: { windowMs: 50, quietMs: 1000, ticketThreshold: 2 },
  log: LOG,
  raised: new Map([
    [`incident.opened:${RESOLVED}`, 1],
    [`incident.opened:${REJECTED}`, 1],
    [`incident.opened:${OPEN}`, 1],
    [`incident.resolved:${RESOLVED}`, 1],
  ]),
  endings: [],
};
const GOOD: Evidence = {
  ...anEmptyEvidence(),
  ledger: all.map(([storm, reporter]) => aLedgerEntry(idOf(storm, reporter), 202)),
  store: {
    ...anEmptyEvidence().store,
    tickets: new Map(all.map(([storm, reporter]) => [idOf(storm, reporter), stored(storm, reporter)])),
    incidents: INCIDENTS,
    unfinished: 2,
  },
  histories: new Map(
    all.map(([storm, reporter]) => [idOf(storm, reporter), life(reporter < 3 ? routed : (LIVES[storm] ?? ''))]),
  ),
  storms: STORMS,
  webhooks: [...ALERTS, ...EVENTS],
};

/** What fails when the good run is changed. */
function failing(changes: Partial<Evidence>): Finding[] {
  return runAudits({ ...GOOD, ...changes }, AUDITS).filter(({ count }) => count > 0);
}
const withStorms = (changes: Partial<Evidence['storms']>): Finding[] => failing({ storms: { ...STORMS, ...changes } });
const withIncidents = (incidents: ReadonlyMap<string, StoredIncident>): Finding[] =>
  failing({ store: { ...GOOD.store, incidents } });
const withIncident = (id: string, changes: Partial<StoredIncident>): Finding[] => {
  const known = GOOD.store.incidents.get(id);
  if (!known) throw new Error(`there is no incident ${id}`);
  return withIncidents(new Map([...GOOD.store.incidents, [id, { ...known, ...changes }]]));
};
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

describe('the audits of incidents', () => {
  it('finds nothing where everything is right', () => {
    expect(failing({})).toEqual([]);
  });

  it('finds a ticket that is in the log twice, or was decided without it', () => {
    const again = { ...arrived(2, 4), entryId: '399-0' };
    expect(withStorms({ log: [...LOG, again] })).toMatchObject([
      { name: 'storm log', examples: [`${idOf(2, 4)}: 2 times`] },
    ]);
    const without = LOG.filter((entry) => !('ticketId' in entry) || entry.ticketId !== idOf(1, 4));
    expect(examples(withStorms({ log: without }), 'storm log')).toEqual([`${idOf(1, 4)}: never`]);
  });

  it('finds a storm without its incident, and an incident without a storm', () => {
    const without = withIncidents(new Map([...INCIDENTS].filter(([id]) => id !== REJECTED)));
    expect(examples(without, 'storms and incidents')).toEqual([
      `${REJECTED} is not there`,
      'storm 1: 0 incidents instead of 1, 1 at most',
    ]);
    const another = withIncidents(new Map<string, StoredIncident>(INCIDENTS).set('incident-9-0', incident(2, 'quiet')));
    expect(examples(another, 'storms and incidents')).toEqual([
      'incident-9-0 should not be there',
      'storm 2: 2 incidents instead of 1, 1 at most',
    ]);
    expect(examples(another, 'in two incidents')[0]).toBe(`${idOf(2, 1)} in ${OPEN} and incident-9-0`);
  });

  it('demands no event of a suspected incident', () => {
    const suspected = { ...incident(2, 'suspected'), wasOpened: false };
    expect(withIncidents(new Map<string, StoredIncident>(INCIDENTS).set('incident-9-0', suspected))).toEqual([]);
  });

  it('finds more incidents that a gateway opened in-process than there were stretches', () => {
    const own = { ...event('incident.opened', 'incident-7-0', 2), id: 'incident.opened:incident-7-0' };
    const webhooks = [...GOOD.webhooks, own];
    expect(failing({ webhooks })).toMatchObject([
      {
        name: 'storms seen in-process',
        examples: ['storm 2: 1 incidents in 0 stretches in-process, of them 0 resolved'],
      },
    ]);
    expect(failing({ webhooks: [...GOOD.webhooks, { ...own, representative: 'chaos-1' }] })).toMatchObject([
      { name: 'storms seen in-process', examples: ['incident-7-0: of no storm'] },
    ]);
    const adopted = {
      ...withLife(idOf(2, 2), life('assigned completed')),
      routedInProcess: new Map([[idOf(2, 2), ['assigned']]]),
    };
    expect(failing({ ...adopted, webhooks })).toEqual([]);
    const second = { ...event('incident.opened', 'incident-8-0', 2), id: 'incident.opened:incident-8-0' };
    const twice = { ...adopted, webhooks: [...webhooks, second] };
    expect(examples(failing(twice), 'storms seen in-process')).toEqual([
      'storm 2: 2 incidents in 1 stretches in-process, of them 0 resolved',
    ]);
    const endings = [{ incidentId: 'incident-7-0', action: 'resolve', answers: [503, 200] }] as const;
    expect(failing({ ...twice, storms: { ...STORMS, endings } })).toEqual([]);
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

  it('finds a ticket that is suppressed without an incident', () => {
    const ended = withIncident(OPEN, { status: 'resolved' });
    expect(examples(ended, 'suppressed without incident')).toContain(`${idOf(2, 3)} by ${OPEN}, which is resolved`);
    expect(examples(ended, 'lost')).toContain(`${idOf(2, 3)}: suppressed`);
    expect(examples(failing(withTicket(idOf(2, 3), { incident: undefined })), 'suppressed without incident')).toEqual([
      `${idOf(2, 3)} by no incident, which is not there`,
    ]);
    const unknown = withIncident(OPEN, { members: INCIDENTS.get(OPEN)!.members.slice(0, 3) });
    expect(examples(unknown, 'suppressed without incident')).toEqual([
      `${idOf(2, 4)} by ${OPEN}, which does not know it`,
    ]);
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
    const incidents = new Map([...INCIDENTS, [RESOLVED, { ...incident(0, 'resolved'), doubtful: [id] }]]);
    const tickets = (changes: Partial<StoredTicket>) => ({
      ...GOOD.store,
      incidents,
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
    const rules = ['members of resolved incidents', 'incident keys'];
    const found = (changes: Partial<StoredTicket>, life = histories) =>
      runAudits({ ...GOOD, store: tickets(changes), histories: life }, AUDITS)
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

  it('finds a ticket that was completed by an incident that is not resolved, or although an agent had it', () => {
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
    const webhook = aWebhook('ticket.urgent', idOf(2, 4), { id: 'ticket.urgent:x' });
    expect(examples(failing({ webhooks: [...GOOD.webhooks, webhook] }), 'alerts of suppressed tickets')).toEqual([
      'ticket.urgent:x: its ticket was never routed',
    ]);
  });

  it('demands the alert of a ticket that was released', () => {
    const webhooks = GOOD.webhooks.filter(({ about }) => about !== idOf(1, 4));
    expect(failing({ webhooks })).toMatchObject([{ name: 'alerts missing', examples: [idOf(1, 4)] }]);
  });

  it('demands none of a ticket that first waited in line and then was suppressed twice', () => {
    const waited = life('queued processing waiting suppressed', { alerts: 1, alertsAfter: [2] });
    const webhook = aWebhook('ticket.urgent', idOf(2, 3), { id: 'ticket.urgent:x' });
    expect(failing({ ...withLife(idOf(2, 3), waited), webhooks: [...GOOD.webhooks, webhook] })).toEqual([]);
  });

  it('finds events that were raised too often, too seldom, or without cause', () => {
    const raised = new Map(STORMS.raised);
    raised.set(`incident.opened:${OPEN}`, 2).delete(`incident.resolved:${RESOLVED}`);
    raised.set(`incident.resolved:${REJECTED}`, 1);
    const webhooks = [...GOOD.webhooks, event('incident.resolved', REJECTED, 1)];
    expect(examples(failing({ storms: { ...STORMS, raised }, webhooks }), 'incident events')).toEqual([
      `incident.resolved of ${RESOLVED}: raised 0 times`,
      `incident.resolved of ${REJECTED}: raised without cause`,
      `incident.opened of ${OPEN}: raised 2 times`,
    ]);
  });

  it('finds events that were never delivered, or came under two ids or with two bodies', () => {
    const [first, ...others] = EVENTS as [WebhookEvidence];
    const lost = failing({ webhooks: [...ALERTS, { ...first, delivered: 0 }, ...others] });
    expect(examples(lost, 'incident events')).toEqual([`incident.opened of ${RESOLVED}: never delivered`]);
    const twice = failing({ webhooks: [...GOOD.webhooks, { ...first, id: 'other', bodies: 2 }] });
    expect(examples(twice, 'incident events')).toEqual([
      `incident.opened of ${RESOLVED}: under 2 ids`,
      'other: 2 bodies',
    ]);
  });

  it('accepts that a gateway raised it before, and its in-process incidents once each', () => {
    const raised = new Map([...STORMS.raised].filter(([event]) => event !== `incident.opened:${OPEN}`));
    expect(examples(withStorms({ raised }), 'incident events')).toEqual([`incident.opened of ${OPEN}: raised 0 times`]);
    const adopted = {
      ...withLife(idOf(2, 2), life('assigned completed')),
      routedInProcess: new Map([[idOf(2, 2), ['assigned']]]),
    };
    expect(failing({ ...adopted, storms: { ...STORMS, raised } })).toEqual([]);
    const own = event('incident.opened', 'incident-7-0', 2);
    const webhooks = [...GOOD.webhooks, own, { ...own, id: 'other' }];
    expect(examples(failing({ webhooks }), 'incident events')).toEqual(['incident.opened of incident-7-0: 2 times']);
  });

  it.each<{ changes: Partial<StoredIncident>; says: string }>([
    { changes: { similarity: [] }, says: '0 similarities' },
    { changes: { requesters: new Map([['r:r1', 3]]) }, says: '3 by requester' },
    { changes: { counted: ['other'], byCategory: 1 }, says: 'counts categories of others' },
    { changes: { byCategory: 3 }, says: '3 by category, of 4' },
    { changes: { representative: 'other' }, says: 'other represents it and is no member' },
    { changes: { unsettled: [idOf(2, 3)] }, says: `${idOf(2, 3)} is unsettled` },
  ])('finds keys that do not agree: $says', ({ changes, says }) => {
    expect(examples(withIncident(OPEN, changes), 'incident keys')).toContain(`${OPEN} (4 members): ${says}`);
  });

  it('finds tickets that are marked wrongly', () => {
    expect(examples(failing(withTicket(idOf(2, 1), { incident: undefined })), 'incident keys')).toEqual([
      `${OPEN} (4 members): ${idOf(2, 1)} is a member and marked with none`,
    ]);
    expect(examples(failing(withTicket(idOf(2, 1), { isDuplicate: true })), 'incident keys')).toEqual([
      `${OPEN} (4 members): ${idOf(2, 1)} is wrongly a duplicate`,
    ]);
    expect(examples(failing(withTicket(idOf(1, 1), { incident: OPEN, isDuplicate: true })), 'incident keys')).toEqual([
      `${OPEN} (4 members): ${idOf(1, 1)} is marked and no member`,
    ]);
  });
});
