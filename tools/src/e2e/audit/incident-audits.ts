import { sum } from '../../train/metrics';
import { timesInStatus } from '../harness/history/ticket-history';
import { holdsMembers } from '../harness/store-state';
import { type Evidence, openedIncidents, timesAssigned, wasRouted } from './evidence';
import type { Audit, StoreAudit } from './finding';
import { ALERT } from './ticket-audits';

/** Audits of the keys of incidents. */
export const INCIDENT_KEY_AUDITS: readonly StoreAudit[] = [
  [
    'suppressed without incident',
    'suppressed tickets whose incident is neither open nor quiet, or does not know them',
    suppressedWithoutIncident,
  ],
  [
    'incident keys',
    'members, similarity, requesters, categories, marks of tickets and representatives of each incident against one another',
    incidentKeys,
  ],
  ['in two incidents', 'tickets that are members of more than one open or quiet incident', inTwo],
];

/** Audits of incidents and their members. */
export const INCIDENT_AUDITS: readonly Audit[] = [
  [
    'storm log',
    'tickets that came into the storm log more than once, and those decided by a worker that never did',
    logged,
  ],
  [
    'members of resolved incidents',
    'those once suppressed that were not completed once, by the incident only; doubtful ones of these that were not given to an agent once instead; and tickets completed by another incident',
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
    'incident events',
    'incident.opened of each opened incident and incident.resolved of each resolved one: raised once, under one id, one body, delivered; none of others',
    incidentEvents,
  ],
  ...INCIDENT_KEY_AUDITS,
];

function logged({ histories, routedInProcess, storms }: Evidence): string[] {
  const times = new Map<string, number>();
  for (const entry of storms.log)
    if (entry.kind === 'arrived') times.set(entry.ticketId, (times.get(entry.ticketId) ?? 0) + 1);
  const never = [...histories].filter(([id, { commits }]) => commits > 0 && !times.has(id) && !routedInProcess.has(id));
  return [
    ...[...times].filter(([, count]) => count > 1).map(([id, count]) => `${id}: ${count} times`),
    ...never.map(([id]) => `${id}: never`),
  ];
}

function suppressedWithoutIncident({ store }: Pick<Evidence, 'store'>): string[] {
  return [...store.tickets].flatMap(([id, { status, incident = 'no incident' }]) => {
    if (status !== 'suppressed') return [];
    const holder = store.incidents.get(incident);
    if (!holdsMembers(holder?.status)) return [`${id} by ${incident}, which is ${holder?.status ?? 'not there'}`];
    return holder?.members.includes(id) ? [] : [`${id} by ${incident}, which does not know it`];
  });
}

function ofResolved(evidence: Evidence): string[] {
  const { store, histories, routedInProcess } = evidence;
  const cases: string[] = [];
  for (const [id, { status, members: ids, doubtful }] of openedIncidents(evidence)) {
    if (status !== 'resolved') continue;
    for (const ticketId of ids) {
      const history = histories.get(ticketId);
      if (!history || timesInStatus(history, 'suppressed') === 0) continue;
      const { resolution = 'none', released = 'none' } = store.tickets.get(ticketId) ?? {};
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
    // A ticket that an in-process incident completed has no incident here.
    const isOurs = store.incidents.get(incident)?.status === 'resolved' || routedInProcess.has(ticketId);
    if (!isOurs) cases.push(`${ticketId} was completed by ${incident}`);
    if (timesAssigned(evidence, ticketId) > 0)
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
      const { resolution = 'none', incident } = store.tickets.get(ticketId) ?? {};
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
      // A handed-over ticket comes with its alert, whatever its status is.
      if (after === 1 && routedInProcess.has(id)) return [];
      return before === 'suppressed' || (before === 'processing' && next === 'suppressed')
        ? [`${id}: raised between ${before} and ${next || 'the end'}`]
        : [];
    }),
  );
  const neverRouted = webhooks
    .filter(({ type, about }) => type === ALERT && store.tickets.has(about) && !wasRouted(evidence, about))
    .map(({ id }) => `${id}: its ticket was never routed`);
  return [...raised, ...neverRouted];
}

function incidentEvents(evidence: Evidence): string[] {
  const { store, webhooks } = evidence;
  const { raised } = evidence.storms;
  const opened = openedIncidents(evidence);
  const cases: string[] = [];
  const check = (type: string, id: string, isDue: boolean, mayBeMissing: boolean): void => {
    const times = raised.get(`${type}:${id}`) ?? 0;
    if (isDue && times !== 1 && !(times === 0 && mayBeMissing)) cases.push(`${type} of ${id}: raised ${times} times`);
    if (!isDue && times > 0) cases.push(`${type} of ${id}: raised without cause`);
    const under = webhooks.filter((webhook) => webhook.type === type && webhook.about === id);
    if (under.length > 1) cases.push(`${type} of ${id}: under ${under.length} ids`);
    if (times > 0 && !under.some(({ delivered }) => delivered > 0)) cases.push(`${type} of ${id}: never delivered`);
  };
  for (const [id, { status, members: ids }] of opened) {
    // A gateway that opened it in-process notified the subscribers already.
    check(
      'incident.opened',
      id,
      true,
      ids.some((ticketId) => evidence.routedInProcess.has(ticketId)),
    );
    check('incident.resolved', id, status === 'resolved', false);
  }
  const unknown = new Map<string, number>();
  for (const { id, type, about, bodies } of webhooks.filter((webhook) => webhook.type.startsWith('incident.'))) {
    if (bodies > 1) cases.push(`${id}: ${bodies} bodies`);
    const name = `${type} of ${about}`;
    if (type === 'incident.opened' && !store.incidents.has(about)) unknown.set(name, (unknown.get(name) ?? 0) + 1);
  }
  return [...cases, ...[...unknown].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} times`)];
}

function incidentKeys({ store }: Pick<Evidence, 'store'>): string[] {
  return [...store.incidents].flatMap(([id, incident]) => {
    const {
      status,
      wasOpened,
      representative,
      members: ids,
      similarity,
      requesters,
      counted,
      byCategory,
      unsettled,
    } = incident;
    const known = new Set(ids);
    const bySum = sum([...requesters.values()]);
    const marked = [...store.tickets].filter(([, ticket]) => ticket.incident === id);
    const isMarking = wasOpened && status !== 'rejected';
    const cases = [
      ...(similarity.length === ids.length && similarity.every((ticketId) => known.has(ticketId))
        ? []
        : [`${similarity.length} similarities`]),
      ...(bySum === ids.length ? [] : [`${bySum} by requester`]),
      ...(counted.every((ticketId) => known.has(ticketId)) ? [] : ['counts categories of others']),
      ...(byCategory === counted.length ? [] : [`${byCategory} by category, of ${counted.length}`]),
      ...(wasOpened && !known.has(representative) ? [`${representative} represents it and is no member`] : []),
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

function inTwo({ store }: Pick<Evidence, 'store'>): string[] {
  const holders = new Map<string, string[]>();
  for (const [id, { status, members: ids }] of store.incidents) {
    if (!holdsMembers(status)) continue;
    for (const ticketId of ids) holders.set(ticketId, [...(holders.get(ticketId) ?? []), id]);
  }
  return [...holders]
    .filter(([, ids]) => ids.length > 1)
    .map(([ticketId, ids]) => `${ticketId} in ${ids.join(' and ')}`);
}
