import { forbiddenStep, timesInStatus, timesReleased, wasAdopted } from '../harness/history/ticket-history';
import { unexpectedAnswers, wasAccepted } from '../harness/ledger';
import { type Evidence, isQueuedBeforeRouter, isSuppressedByIncident, wasRouted } from './evidence';
import type { Audit, StoreAudit } from './finding';

/** Not known (404): a gateway on its own memory, or one that came after it. A conflict (409): an earlier try succeeded. */
const OPERATORS_ANSWERS = [0, 200, 404, 409, 503];

/** The type of an alert. */
export const ALERT = 'ticket.urgent';

/** Audits of slots and of the count of unfinished tickets. */
export const COUNT_AUDITS: readonly StoreAudit[] = [
  ['slots leaked', "agents' counted load against the list of their open tickets against the records", slotsLeaked],
  ['counted wrong', "the engine's count of unfinished tickets against the records", countedWrong],
];

/** Audits of tickets, slots, alerts and dead letters, in the order of a ticket's way. */
export const TICKET_AUDITS: readonly Audit[] = [
  ['not accepted', 'tickets without an answer of 202 or 200', notAccepted],
  [
    'unexpected answers',
    'answers other than 202, 200 and 503 to senders, other than 200, 404 and 503 to agents, and of 409 besides to operators',
    unexpected,
  ],
  [
    'lost',
    'accepted tickets, except poison, whose record is missing, or neither completed nor suppressed by an open or quiet incident; completions that were undone',
    lost,
  ],
  [
    'routed twice',
    'tickets given to an agent or completed more than once, decided more often than released, or both in-process and by the queue',
    routedTwice,
  ],
  [
    'forbidden transitions',
    'changes of status, in the writes of the store, that the life table does not allow',
    livedWrong,
  ],
  ...COUNT_AUDITS,
  [
    'alerts missing',
    'completed tickets above the threshold that were routed, whose alert the receiver never answered 2xx',
    alertsMissing,
  ],
  ['alerts without cause', 'alerts of tickets that are unknown or not above the threshold', alertsWithoutCause],
  [
    'alerts under two ids',
    'tickets whose alerts came under more than one webhook-id, and ids with more than one body',
    alertsTwice,
  ],
  [
    'signatures',
    'webhooks whose signature the receiver refused',
    ({ refusedWebhooks }) => Array.from({ length: refusedWebhooks }, (_, index) => `refused webhook ${index + 1}`),
  ],
  [
    'dead letters',
    'dead letters other than the planted poison, planted ones that are not there, and any without a reason',
    deadWrong,
  ],
  [
    'left behind',
    'entries of lanes, processing, delayed, quarantined, waiting lines, unsettled incidents and outbox when all is done',
    ({ store }) => [...store.places].flatMap(([place, ids]) => ids.map((id) => `${place}: ${id}`)),
  ],
  ['locks left', 'locks that exist when all is done', ({ locks }) => locks],
  [
    'seen over HTTP',
    'what GET /agents and GET /queue still count when all is done',
    ({ overHttp }) => [...overHttp].filter(([, count]) => count !== 0).map(([name, count]) => `${name}: ${count}`),
  ],
];

function notAccepted({ ledger }: Evidence): string[] {
  return ledger.filter((entry) => !wasAccepted(entry)).map(({ id }) => id);
}

function unexpected({ ledger, unexpectedCompletions, storms }: Evidence): string[] {
  const sent = ledger.flatMap((entry) => unexpectedAnswers(entry).map(({ status }) => `${entry.id}: ${status}`));
  const ended = storms.endings.flatMap(({ incidentId, action, answers }) =>
    answers
      .filter((status) => !OPERATORS_ANSWERS.includes(status))
      .map((status) => `to ${action} ${incidentId}: ${status}`),
  );
  return [...sent, ...[...unexpectedCompletions].map(([id, status]) => `completing ${id}: ${status}`), ...ended];
}

function lost(evidence: Evidence): string[] {
  const { ledger, store, poison, undoneCompletions } = evidence;
  const tickets = ledger
    .filter((entry) => wasAccepted(entry) && !poison.has(entry.id))
    .filter(({ id }) => store.tickets.get(id)?.status !== 'completed' && !isSuppressedByIncident(evidence, id))
    .map(({ id }) => `${id}: ${store.tickets.get(id)?.status ?? 'no record'}`);
  return [...tickets, ...[...undoneCompletions].map((id) => `${id}: its completion was undone`)];
}

function routedTwice(evidence: Evidence): string[] {
  const { ledger, histories, routedInProcess } = evidence;
  const cases: string[] = [];
  for (const [id, history] of histories) {
    const assigned = timesInStatus(history, 'assigned');
    const completed = timesInStatus(history, 'completed');
    if (assigned > 1) cases.push(`${id}: given to an agent ${assigned} times`);
    else if (completed > 1) cases.push(`${id}: completed ${completed} times`);
    else if (history.commits > 1 + timesReleased(history)) cases.push(`${id}: decided ${history.commits} times`);
  }
  const inProcess = ledger.filter(({ answers }) => answers.some(({ status }) => status === 200)).map(({ id }) => id);
  for (const id of new Set([...inProcess, ...routedInProcess.keys()])) {
    const history = histories.get(id);
    // A ticket that is suppressed in-process when Redis comes back is queued: it was not routed.
    const wasSuppressed = routedInProcess.get(id)?.includes('suppressed') === true;
    if (history && !wasAdopted(history) && !wasSuppressed && !isQueuedBeforeRouter(evidence, id))
      cases.push(`${id}: in-process and by the queue`);
  }
  return cases;
}

function livedWrong({ histories }: Evidence): string[] {
  return [...histories].flatMap(([id, history]) => {
    const step = forbiddenStep(history);
    return step === undefined ? [] : [`${id}: ${step}`];
  });
}

function slotsLeaked({ store }: Pick<Evidence, 'store'>): string[] {
  const byRecord = new Map<string, number>();
  for (const { status, agent = '' } of store.tickets.values())
    if (status === 'assigned') byRecord.set(agent, (byRecord.get(agent) ?? 0) + 1);
  const agents = new Set([...store.loads.keys(), ...store.openTickets.keys(), ...byRecord.keys()]);
  return [...agents].flatMap((agent) => {
    const counted = store.loads.get(agent) ?? 0;
    const listed = store.openTickets.get(agent)?.length ?? 0;
    const recorded = byRecord.get(agent) ?? 0;
    return counted === listed && listed === recorded
      ? []
      : [`${agent}: counted ${counted}, listed ${listed}, by the records ${recorded}`];
  });
}

function countedWrong({ store }: Pick<Evidence, 'store'>): string[] {
  const unfinished = [...store.tickets.values()].filter(({ status }) => !['completed', 'dead'].includes(status)).length;
  return store.unfinished === unfinished ? [] : [`counted ${store.unfinished}, by the records ${unfinished}`];
}

function alertsMissing(evidence: Evidence): string[] {
  const { store, alertThreshold } = evidence;
  const alerted = new Set(alertsOf(evidence).flatMap(({ about, delivered }) => (delivered > 0 ? [about] : [])));
  return [...store.tickets]
    .filter(([, { status, urgency = 0 }]) => status === 'completed' && urgency > alertThreshold)
    .map(([id]) => id)
    .filter((id) => !alerted.has(id) && wasRouted(evidence, id));
}

function alertsWithoutCause(evidence: Evidence): string[] {
  const { store, alertThreshold } = evidence;
  return alertsOf(evidence)
    .filter(({ about }) => !((store.tickets.get(about)?.urgency ?? 0) > alertThreshold))
    .map(({ id, about }) => `${id} of ${about}`);
}

function alertsTwice(evidence: Evidence): string[] {
  const alerts = alertsOf(evidence);
  const ids = new Map<string, string[]>();
  for (const { id, about } of alerts) ids.set(about, [...(ids.get(about) ?? []), id]);
  return [
    ...[...ids].filter(([, all]) => all.length > 1).map(([ticket, all]) => `${ticket}: ${all.join(', ')}`),
    ...alerts.filter(({ bodies }) => bodies > 1).map(({ id, bodies }) => `${id}: ${bodies} bodies`),
    ...[...evidence.histories]
      .filter(([, { alerts: times }]) => times > 1)
      .map(([id, { alerts: times }]) => `${id}: raised ${times} times`),
  ];
}

function alertsOf({ webhooks }: Evidence): Evidence['webhooks'] {
  return webhooks.filter(({ type }) => type === ALERT);
}

function deadWrong({ store, poison }: Evidence): string[] {
  const dead = new Set(store.dead);
  for (const [id, { status }] of store.tickets) if (status === 'dead') dead.add(id);
  const others = [...dead].filter((id) => !poison.has(id));
  const reasonOf = (id: string): string => {
    const { errorCode = '', errorMessage = '' } = store.tickets.get(id) ?? {};
    return errorCode && errorMessage ? `${errorCode}: ${errorMessage}` : 'no reason';
  };
  return [
    ...others.map((id) => `${id} is dead, ${reasonOf(id)}`),
    ...[...poison].filter((id) => !store.dead.includes(id)).map((id) => `poison ${id} is not among the dead letters`),
    ...[...poison].filter((id) => dead.has(id) && reasonOf(id) === 'no reason').map((id) => `poison ${id}: no reason`),
  ];
}
