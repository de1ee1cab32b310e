import { sum } from '../../../../train/metrics';
import { wasRouted } from '../../../audit/evidence';
import { type Finding, counted, finding } from '../../../audit/finding';
import { timesInStatus } from '../../../harness/history/ticket-history';
import type { ScenarioId } from '../day/scenario';
import { STORM_RULES } from '../settings';
import {
  type DayEvidence,
  type IncidentEvidence,
  idsOf,
  incidentsOf,
  suspectedIncidentsOf,
  wasOpened,
} from './day-evidence';

/** Scenarios whose tickets have nothing in common. */
const EVERYDAY: readonly ScenarioId[] = ['office', 'spike', 'kill'];

/** Incidents open for storms only and at the right ticket, and end as operators say. */
export function auditStorms(evidence: DayEvidence): readonly Finding[] {
  return [
    verbatimStorm(evidence),
    angryCustomer(evidence),
    resolved(evidence),
    rejected(evidence),
    othersStayedOut(evidence),
    paraphrases(evidence),
  ];
}

function verbatimStorm(evidence: DayEvidence): Finding {
  const { webhooks } = evidence;
  const { ticketThreshold } = STORM_RULES;
  const incidents = incidentsOf(evidence, 'verbatim');
  const ids = incidents.map(({ id }) => id);
  const events = webhooks.filter(({ type, about }) => type === 'incident.opened' && ids.includes(about));
  const storm = idsOf(evidence, 'verbatim');
  const routed = storm.filter((id) => wasRouted(evidence, id));
  const against = [
    ...(incidents.length === 1 ? [] : [counted(incidents.length, 'incident')]),
    ...(events.length === 1 ? [] : [counted(events.length, 'incident.opened event')]),
    ...(events.every(({ delivered }) => delivered > 0) ? [] : ['incident.opened was not delivered']),
    ...events
      .filter(({ memberCount }) => memberCount !== ticketThreshold + 1)
      .map(({ memberCount = 0 }) => `its event has ${memberCount} members`),
    ...(routed.length === ticketThreshold ? [] : [`${routed.length} of the storm were routed before it opened`]),
    ...incidents
      .filter(({ member_count }) => member_count !== storm.length)
      .map(({ member_count }) => `${member_count} members of ${storm.length}`),
  ];
  const suppressed = storm.filter((id) => timesOf(evidence, id, 'suppressed') > 0).length;
  const figures =
    `${counted(storm.length, 'ticket')}: ${counted(incidents.length, 'incident')}, ${counted(events.length, 'incident.opened event')}; ` +
    `${routed.length} routed before it opened, ${suppressed} suppressed; the event has ${events[0]?.memberCount ?? 'no'} members`;
  return finding(`the verbatim storm opens one incident at ticket ${ticketThreshold + 1}`, figures, against);
}

function angryCustomer(evidence: DayEvidence): Finding {
  const incidents = incidentsOf(evidence, 'angry');
  const tickets = idsOf(evidence, 'angry');
  const routed = tickets.filter((id) => timesOf(evidence, id, 'assigned') === 1);
  const against = [
    ...incidents.map(({ id }) => `${id} has tickets of the angry customer`),
    ...tickets.filter((id) => !routed.includes(id)).map((id) => `${id} was not routed`),
  ];
  const figures = `${counted(tickets.length, 'ticket')} of one requester, ${routed.length} routed, ${counted(incidents.length, 'incident')}`;
  return finding('the angry customer opens no incident', figures, against);
}

function resolved(evidence: DayEvidence): Finding {
  const { store, webhooks } = evidence;
  const { members, doubtful, status, trouble } = endedIncident(evidence, 'resolve', 'verbatim');
  const events = webhooks.filter(({ type, delivered }) => type === 'incident.resolved' && delivered > 0).length;
  const suppressed = members.filter((id) => timesOf(evidence, id, 'suppressed') > 0);
  const released = suppressed.filter((id) => doubtful.includes(id));
  const held = suppressed.filter((id) => !doubtful.includes(id));
  const byIncident = held.filter((id) => store.tickets.get(id)?.resolution === 'incident');
  const against = [
    ...trouble,
    ...(status === 'resolved' ? [] : [`the incident is ${status}`]),
    ...(events === 1 ? [] : [counted(events, 'incident.resolved event')]),
    ...(held.length > 0 ? [] : ['it held no member']),
    ...held
      .filter((id) => !byIncident.includes(id))
      .map((id) => `${id}: ${store.tickets.get(id)?.status} by ${store.tickets.get(id)?.resolution}`),
    ...held
      .filter((id) => timesOf(evidence, id, 'completed') !== 1)
      .map((id) => `${id}: completed ${timesOf(evidence, id, 'completed')} times`),
    ...held.filter((id) => timesOf(evidence, id, 'assigned') > 0).map((id) => `${id}: also given to an agent`),
    ...released
      .filter((id) => timesOf(evidence, id, 'assigned') !== 1 || store.tickets.get(id)?.resolution === 'incident')
      .map((id) => `doubtful ${id}: given to an agent ${timesOf(evidence, id, 'assigned')} times`),
  ];
  const figures = `${members.length} members, ${suppressed.length} of them suppressed, ${byIncident.length} completed by the incident, ${released.length} doubtful ones routed`;
  return finding('the resolved incident completes its members, each once, but for doubtful ones', figures, against);
}

function rejected(evidence: DayEvidence): Finding {
  const { store } = evidence;
  const { members, status, trouble } = endedIncident(evidence, 'reject', 'letters');
  const held = members.filter((id) => timesOf(evidence, id, 'suppressed') > 0);
  const against = [
    ...trouble,
    ...(status === 'rejected' ? [] : [`the incident is ${status}`]),
    ...(held.length > 0 ? [] : ['it held no member']),
    ...members
      .filter((id) => timesOf(evidence, id, 'assigned') !== 1)
      .map((id) => `${id}: given to an agent ${timesOf(evidence, id, 'assigned')} times`),
    ...members
      .filter((id) => store.tickets.get(id)?.resolution === 'incident')
      .map((id) => `${id}: completed by the incident`),
  ];
  const routed = held.filter((id) => timesOf(evidence, id, 'assigned') === 1).length;
  const figures = `${members.length} members, ${held.length} of them suppressed, ${routed} of these routed afterwards`;
  return finding('the rejected incident releases its members, each routed once', figures, against);
}

function othersStayedOut(evidence: DayEvidence): Finding {
  const opened = evidence.incidents.filter(wasOpened);
  const mixed = opened.filter(({ scenarios }) => scenarios.length !== 1);
  const everyday = opened.filter(({ scenarios }) => scenarios.some((scenario) => EVERYDAY.includes(scenario)));
  const against = [...new Set([...mixed, ...everyday])].map(
    ({ id, scenarios }) => `${id} has tickets of ${scenarios.join(', ')}`,
  );
  const suspected = evidence.incidents
    .filter((incident) => !wasOpened(incident))
    .map(({ scenarios }) => scenarios.join(' and '));
  return finding(
    'everyday tickets are in no incident',
    `${opened.length} opened in all, ${suspected.length} only suspected${suspected.length > 0 ? ` (${suspected.join('; ')})` : ''}`,
    against,
  );
}

function paraphrases(evidence: DayEvidence): Finding {
  const tickets = idsOf(evidence, 'paraphrased');
  const membersOf = (incidents: readonly IncidentEvidence[]): string =>
    counted(sum(incidents.map(({ member_count }) => member_count)), 'member');
  const [opened, suspected] = [incidentsOf(evidence, 'paraphrased'), suspectedIncidentsOf(evidence, 'paraphrased')];
  const parts = [
    ...(opened.length > 0 ? [`${counted(opened.length, 'incident')} with ${membersOf(opened)}`] : []),
    ...(suspected.length > 0
      ? [`${counted(suspected.length, 'suspected incident')} with ${membersOf(suspected)}, nothing suppressed by it`]
      : []),
  ];
  const figures = `${counted(tickets.length, 'ticket')}: ${parts.join('; ') || 'no incident, all routed one by one'}`;
  return { name: 'the paraphrased storm (not judged)', how: figures, verdict: 'info', count: 0, examples: [] };
}

/** The incident of a scenario that an operator had to end, in its final state. */
function endedIncident(evidence: DayEvidence, action: 'resolve' | 'reject', scenario: ScenarioId) {
  const ending = evidence.endings.find((one) => one.action === action);
  const incident = evidence.incidents.find(({ id }) => id === ending?.incidentId);
  return {
    members: ending?.members ?? [],
    doubtful: ending?.doubtful ?? [],
    status: incident?.status ?? 'not there',
    trouble: ending ? [] : [`there was no incident of "${scenario}" to ${action}`],
  };
}

function timesOf({ histories }: DayEvidence, ticketId: string, status: string): number {
  return timesInStatus(histories.get(ticketId), status);
}
