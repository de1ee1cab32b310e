import { stormOfTicket } from '../scenarios/chaos/traffic/storms';
import type { Evidence, StoredIncident } from './evidence';
import { type ExpectedIncident, expectedIncidents } from './expected-incidents';
import { type Audit, holdsMembers, timesGiven, wasRouted } from './audit';
import { timesInStatus } from '../harness/history/ticket-history';

/** The rules about storms, incidents and their members. */
export const STORM_RULES: readonly Audit[] = [
  [
    'noted in the log',
    'tickets that came into the storm log more than once, and those decided by a worker that never did',
    noted,
  ],
  [
    'storms and incidents',
    'opened incidents against what the storm log asks for, for somebody who knows which tickets are whose; each planted storm has one, and one more for each that was ended in its midst',
    stormsAndIncidents,
  ],
  [
    'storms seen in-process',
    'incidents that a gateway opened by itself, against the stretches of a storm that it routed by itself, and one more for each that was resolved',
    stormsInProcess,
  ],
  [
    'members',
    'members of incidents against the tickets that the log makes members, and everyday tickets among them',
    members,
  ],
  [
    'suppressed by nobody',
    'suppressed tickets whose incident is neither open nor quiet, or does not know them',
    suppressedByNobody,
  ],
  [
    'members of resolved incidents',
    'those once suppressed that were not completed once, by the incident, and by nobody else; doubtful ones of these that were not given to an agent once instead; and tickets completed by another incident',
    ofResolved,
  ],
  [
    'members of rejected incidents',
    'those once suppressed that were not given to an agent once afterwards; and those still marked',
    ofRejected,
  ],
  [
    'alerts of suppressed tickets',
    'alerts raised while a ticket was suppressed or became so, and webhooks about tickets that were never routed',
    alertsOfSuppressed,
  ],
  [
    'incidents told of',
    'incident.opened of each opened incident and incident.resolved of each resolved one: raised once, under one id, one body, delivered; none of others',
    toldOf,
  ],
  [
    'incident books',
    'members, likeness, requesters, categories, marks of tickets and representatives of each incident against one another',
    books,
  ],
  ['in two incidents', 'tickets that are members of more than one open or quiet incident', inTwo],
];

/** Incidents of the shared store that were more than suspected. */
export function openedIncidents({ storms }: Evidence): ReadonlyMap<string, StoredIncident> {
  return new Map([...storms.incidents].filter(([, { wasOpened }]) => wasOpened));
}

/** What there must be, outage by outage. */
export function expected({ storms: { planted, log, rules } }: Evidence): readonly ExpectedIncident[] {
  const outageOf = (ticketId: string): number | undefined => planted[stormOfTicket(ticketId) ?? -1]?.outage;
  return [...new Set(planted.map(({ outage }) => outage))].flatMap((outage) =>
    expectedIncidents(log, (ticketId) => outageOf(ticketId) === outage, rules),
  );
}

/** By number of the storm, the ids of incidents that have reports of it. */
export function incidentsOfStorms(
  incidents: Iterable<readonly [id: string, { readonly members: Iterable<string> }]>,
): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, Set<string>>();
  for (const [id, { members: ids }] of incidents) {
    for (const ticketId of ids) {
      const storm = stormOfTicket(ticketId);
      if (storm !== undefined) found.set(storm, (found.get(storm) ?? new Set()).add(id));
    }
  }
  return new Map([...found].map(([storm, ids]) => [storm, [...ids]]));
}

function noted({ histories, routedInProcess, storms }: Evidence): string[] {
  const times = new Map<string, number>();
  for (const entry of storms.log)
    if (entry.kind === 'arrived') times.set(entry.ticketId, (times.get(entry.ticketId) ?? 0) + 1);
  const never = [...histories].filter(([id, { commits }]) => commits > 0 && !times.has(id) && !routedInProcess.has(id));
  return [
    ...[...times].filter(([, count]) => count > 1).map(([id, count]) => `${id}: ${count} times`),
    ...never.map(([id]) => `${id}: never`),
  ];
}

function stormsAndIncidents(evidence: Evidence): string[] {
  const { planted, log } = evidence.storms;
  const opened = openedIncidents(evidence);
  const wanted = new Map(expected(evidence).map((incident) => [incident.id, incident]));
  const [found, due] = [incidentsOfStorms(opened), incidentsOfStorms(wanted)];
  const parts = new Map<number, number>();
  for (const { number } of planted) {
    const at = log.flatMap((entry, index) =>
      entry.kind === 'arrived' && stormOfTicket(entry.ticketId) === number ? [index] : [],
    );
    const ids = due.get(number) ?? [];
    const within = log.slice(at[0], at.at(-1));
    const ended = within.filter((entry) => entry.kind !== 'arrived' && ids.includes(entry.incidentId)).length;
    parts.set(number, 1 + ended);
  }
  return [
    ...[...wanted.keys()].filter((id) => !opened.has(id)).map((id) => `${id} is not there`),
    ...[...opened.keys()].filter((id) => !wanted.has(id)).map((id) => `${id} should not be there`),
    ...planted.flatMap(({ number }) => {
      const [has, should] = [found.get(number)?.length ?? 0, due.get(number)?.length ?? 0];
      const most = parts.get(number) ?? 1;
      return has === should && has <= most
        ? []
        : [`storm ${number}: ${has} incidents instead of ${should}, ${most} at most`];
    }),
  ];
}

function stormsInProcess({ ledger, routedInProcess, storms }: Evidence): string[] {
  const local = new Map<number, string[]>();
  for (const { type, incidentId, representative } of storms.webhooks) {
    const storm = stormOfTicket(representative);
    if (type !== 'incident.opened' || storms.incidents.has(incidentId)) continue;
    if (storm === undefined) return [`${incidentId}: of no storm`];
    local.set(storm, [...(local.get(storm) ?? []), incidentId]);
  }
  return [...local].flatMap(([storm, ids]) => {
    const outage = storms.planted[storm]?.outage;
    const reports = ledger.filter(({ id }) => storms.planted[stormOfTicket(id) ?? -1]?.outage === outage);
    const stretches = reports.filter(
      ({ id }, index) => routedInProcess.has(id) && !routedInProcess.has(reports[index - 1]?.id ?? ''),
    ).length;
    const resolved = storms.endings.filter(
      ({ incidentId, action, answers }) => action === 'resolve' && answers.includes(200) && ids.includes(incidentId),
    ).length;
    return ids.length <= stretches + resolved
      ? []
      : [`storm ${storm}: ${ids.length} incidents in ${stretches} stretches in-process, of them ${resolved} resolved`];
  });
}

function members(evidence: Evidence): string[] {
  const wanted = expected(evidence);
  const opened = openedIncidents(evidence);
  return [
    ...wanted.flatMap(({ id, members: due }) => {
      const { status, members: found = [] } = opened.get(id) ?? {};
      // What is not written down when its incident is rejected never is: it is a ticket of its own then.
      const missing = status === 'rejected' ? [] : [...due].filter((ticketId) => !found.includes(ticketId));
      return opened.has(id) ? missing.map((ticketId) => `${ticketId} is not in ${id}`) : [];
    }),
    ...[...opened].flatMap(([id, { members: found }]) => {
      const due = wanted.find((incident) => incident.id === id)?.members;
      return due ? found.filter((ticketId) => !due.has(ticketId)).map((ticketId) => `${ticketId} is in ${id}`) : [];
    }),
    ...[...opened].flatMap(([id, { members: found }]) =>
      found
        .filter((ticketId) => stormOfTicket(ticketId) === undefined)
        .map((ticketId) => `everyday ${ticketId} is in ${id}`),
    ),
  ];
}

function suppressedByNobody({ store, storms }: Evidence): string[] {
  return [...store.tickets].flatMap(([id, { status, incident = 'no incident' }]) => {
    if (status !== 'suppressed') return [];
    const holder = storms.incidents.get(incident);
    if (!holdsMembers(holder?.status)) return [`${id} by ${incident}, which is ${holder?.status ?? 'not there'}`];
    return holder?.members.includes(id) ? [] : [`${id} by ${incident}, which does not know it`];
  });
}

function ofResolved(evidence: Evidence): string[] {
  const { store, storms, histories, routedInProcess } = evidence;
  const cases: string[] = [];
  for (const [id, { status, members: ids, doubtful }] of openedIncidents(evidence)) {
    if (status !== 'resolved') continue;
    for (const ticketId of ids) {
      const history = histories.get(ticketId);
      if (!history || timesInStatus(history, 'suppressed') === 0) continue;
      const { resolution = 'nobody', released = 'none' } = store.tickets.get(ticketId) ?? {};
      const completed = timesInStatus(history, 'completed');
      if (doubtful.includes(ticketId)) {
        const given = timesInStatus(history, 'assigned');
        if (given !== 1 || resolution !== 'agent' || released !== id)
          cases.push(
            `doubtful ${ticketId} of ${id}: released by ${released}, given to an agent ${given} times, completed by ${resolution}`,
          );
        continue;
      }
      if (completed !== 1 || resolution !== 'incident')
        cases.push(`${ticketId} of ${id}: completed ${completed} times, by ${resolution}`);
      if (timesInStatus(history, 'assigned') > 0) cases.push(`${ticketId} of ${id}: given to an agent, too`);
    }
  }
  for (const [ticketId, { resolution, incident = 'no incident' }] of store.tickets) {
    if (resolution !== 'incident') continue;
    // What a gateway completed by itself, with an incident of its own, has no incident here.
    const isOurs = storms.incidents.get(incident)?.status === 'resolved' || routedInProcess.has(ticketId);
    if (!isOurs) cases.push(`${ticketId} was completed by ${incident}`);
    if (timesGiven(evidence, ticketId) > 0)
      cases.push(`${ticketId} was completed by ${incident}, and given to an agent`);
  }
  return cases;
}

function ofRejected(evidence: Evidence): string[] {
  const { store, histories } = evidence;
  const cases: string[] = [];
  for (const [id, { status, members: ids }] of openedIncidents(evidence)) {
    if (status !== 'rejected') continue;
    for (const ticketId of ids) {
      const steps = histories.get(ticketId)?.steps ?? [];
      const last = steps.findLastIndex((step) => step.status === 'suppressed');
      const given = steps.slice(last).filter((step) => step.status === 'assigned').length;
      const { resolution = 'nobody', incident } = store.tickets.get(ticketId) ?? {};
      if (incident === id) cases.push(`${ticketId} is still marked as one of ${id}`);
      // A later storm of the same outage may have taken it in.
      if (last < 0 || incident !== undefined) continue;
      if (given !== 1 || resolution !== 'agent')
        cases.push(`${ticketId} of ${id}: given to an agent ${given} times, completed by ${resolution}`);
    }
  }
  return cases;
}

function alertsOfSuppressed(evidence: Evidence): string[] {
  const { histories, routedInProcess, store, webhooks } = evidence;
  const raised = [...histories].flatMap(([id, { steps, alertsAfter = [] }]) =>
    alertsAfter.flatMap((after) => {
      const [before, next] = [steps[after - 1]?.status ?? '', steps[after]?.status ?? ''];
      // What a gateway brings comes with its alert, whatever it became there.
      if (after === 1 && routedInProcess.has(id)) return [];
      return before === 'suppressed' || (before === 'processing' && next === 'suppressed')
        ? [`${id}: raised between ${before} and ${next || 'the end'}`]
        : [];
    }),
  );
  const neverRouted = webhooks
    .filter(({ ticketId }) => store.tickets.has(ticketId) && !wasRouted(evidence, ticketId))
    .map(({ id }) => `${id}: its ticket was never routed`);
  return [...raised, ...neverRouted];
}

function toldOf(evidence: Evidence): string[] {
  const { raised, webhooks, incidents } = evidence.storms;
  const opened = openedIncidents(evidence);
  const cases: string[] = [];
  const check = (type: string, id: string, isDue: boolean, mayBeTold: boolean): void => {
    const times = raised.get(`${type}:${id}`) ?? 0;
    if (isDue && times !== 1 && !(times === 0 && mayBeTold)) cases.push(`${type} of ${id}: raised ${times} times`);
    if (!isDue && times > 0) cases.push(`${type} of ${id}: raised without cause`);
    const under = webhooks.filter((webhook) => webhook.type === type && webhook.incidentId === id);
    if (under.length > 1) cases.push(`${type} of ${id}: under ${under.length} ids`);
    if (times > 0 && !under.some(({ delivered }) => delivered > 0)) cases.push(`${type} of ${id}: never delivered`);
  };
  for (const [id, { status, members: ids }] of opened) {
    // Subscribers know it already where a gateway by itself told of it.
    check(
      'incident.opened',
      id,
      true,
      ids.some((ticketId) => evidence.routedInProcess.has(ticketId)),
    );
    check('incident.resolved', id, status === 'resolved', false);
  }
  const unknown = new Map<string, number>();
  for (const { id, type, incidentId, bodies } of webhooks) {
    if (bodies > 1) cases.push(`${id}: ${bodies} bodies`);
    const name = `${type} of ${incidentId}`;
    if (type === 'incident.opened' && !incidents.has(incidentId)) unknown.set(name, (unknown.get(name) ?? 0) + 1);
  }
  return [...cases, ...[...unknown].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} times`)];
}

function books(evidence: Evidence): string[] {
  const { storms, store } = evidence;
  return [...storms.incidents].flatMap(([id, incident]) => {
    const {
      status,
      wasOpened,
      representative,
      members: ids,
      likeness,
      requesters,
      counted,
      byCategory,
      unsettled,
    } = incident;
    const known = new Set(ids);
    const bySum = [...requesters.values()].reduce((sum, count) => sum + count, 0);
    const marked = [...store.tickets].filter(([, ticket]) => ticket.incident === id);
    const isMarking = wasOpened && status !== 'rejected';
    const cases = [
      ...(likeness.length === ids.length && likeness.every((ticketId) => known.has(ticketId))
        ? []
        : [`${likeness.length} likenesses`]),
      ...(bySum === ids.length ? [] : [`${bySum} by requester`]),
      ...(counted.every((ticketId) => known.has(ticketId)) ? [] : ['counts categories of others']),
      ...(byCategory === counted.length ? [] : [`${byCategory} by category, of ${counted.length}`]),
      ...(wasOpened && !known.has(representative) ? [`${representative} speaks for it`] : []),
      ...unsettled.map((ticketId) => `${ticketId} is unsettled`),
      ...marked.filter(([ticketId]) => !known.has(ticketId)).map(([ticketId]) => `${ticketId} is marked and no member`),
      ...marked
        .filter(([ticketId, { isDuplicate }]) => isDuplicate === (ticketId === representative))
        .map(([ticketId]) => `${ticketId} is wrongly ${ticketId === representative ? 'a' : 'no'} duplicate`),
      ...(isMarking ? ids : [])
        .filter((ticketId) => {
          const { incident: holder, released } = store.tickets.get(ticketId) ?? {};
          return store.tickets.has(ticketId) && holder !== id && released !== id;
        })
        .map(
          (ticketId) => `${ticketId} is a member and marked with ${store.tickets.get(ticketId)?.incident ?? 'none'}`,
        ),
    ];
    return cases.map((what) => `${id} (${ids.length} members): ${what}`);
  });
}

function inTwo(evidence: Evidence): string[] {
  const holders = new Map<string, string[]>();
  for (const [id, { status, members: ids }] of evidence.storms.incidents) {
    if (!holdsMembers(status)) continue;
    for (const ticketId of ids) holders.set(ticketId, [...(holders.get(ticketId) ?? []), id]);
  }
  return [...holders]
    .filter(([, ids]) => ids.length > 1)
    .map(([ticketId, ids]) => `${ticketId} in ${ids.join(' and ')}`);
}
