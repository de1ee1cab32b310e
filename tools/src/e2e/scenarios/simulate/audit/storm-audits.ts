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

/** Incidents open for storms only, at the right ticket, and end by the operator's action. */
export function auditStorms(evidence: DayEvidence): readonly Finding[] {
  return [
    verbatimStorm(evidence),
    angryCustomer(evidence),
    ended(evidence, 'resolve', 'verbatim'),
    ended(evidence, 'reject', 'letters'),
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

/** An incident that an operator ends. The audits of all scenarios judge each of its members and events. */
function ended(evidence: DayEvidence, action: 'resolve' | 'reject', scenario: ScenarioId): Finding {
  const { endings, incidents, store } = evidence;
  const expected = action === 'resolve' ? 'resolved' : 'rejected';
  const name = `the ${expected} incident of "${scenario}" ends`;
  const ending = endings.find((one) => one.action === action);
  if (!ending) return finding(name, 'none', [`there was no incident to ${action}`]);
  const { incidentId, members, doubtful } = ending;
  const status = incidents.find(({ id }) => id === incidentId)?.status ?? 'not there';
  const suppressed = members.filter((id) => timesOf(evidence, id, 'suppressed') > 0);
  const completed = suppressed.filter((id) => store.tickets.get(id)?.resolution === 'incident').length;
  const routed = suppressed.filter((id) => timesOf(evidence, id, 'assigned') === 1).length;
  const stored = store.incidents.get(incidentId)?.doubtful ?? [];
  return finding(
    name,
    `${members.length} members, ${suppressed.length} of them suppressed, ${completed} of these completed by the incident, ${routed} routed`,
    [
      ...(status === expected ? [] : [`the incident is ${status}`]),
      ...(suppressed.length > 0 ? [] : ['it suppressed no member']),
      ...doubtful.filter((id) => !stored.includes(id)).map((id) => `${id} is doubtful by the answer, not by the store`),
    ],
  );
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

function timesOf({ histories }: DayEvidence, ticketId: string, status: string): number {
  return timesInStatus(histories.get(ticketId), status);
}
