import { unexpectedAnswers, wasAccepted } from '../harness/ledger';
import type { Evidence } from './evidence';
import { type Audit, isSuppressedByIncident, isQueuedBeforeRouter, timesReleased, wasRouted } from './audit';
import { STORM_RULES } from './storm-audits';
import { forbiddenStep, timesAssigned, timesInStatus, wasAdopted } from '../harness/history/ticket-history';

/** Something that must hold, and what speaks against it. */
export interface Finding {
  readonly name: string;
  /** What was looked at to find out. */
  readonly how: string;
  /** How much speaks against it; 0 if it holds. */
  readonly count: number;
  /** The first few cases. */
  readonly examples: readonly string[];
}

const MOST_EXAMPLES = 5;

/** Not known (404): a gateway on its own memory, or one that came after it. A conflict (409): an earlier try had done it. */
const OPERATORS_ANSWERS = [0, 200, 404, 409, 503];

/** Every rule of the audit, in the order of a ticket's way. */
const RULES: readonly Audit[] = [
  ['not accepted', 'tickets that no try brought an answer of 202 or 200 for', notAccepted],
  [
    'unexpected answers',
    'answers other than 202, 200 and 503 to senders, other than 200, 404 and 503 to agents, and of 409 besides to operators',
    unexpected,
  ],
  [
    'lost',
    'accepted tickets, but the poison, whose record is missing, or neither completed nor suppressed by an open or quiet incident; completions that were undone',
    lost,
  ],
  [
    'routed twice',
    'tickets given to an agent or completed more than once, decided more often than let go, or both in-process and by the queue',
    routedTwice,
  ],
  [
    'lived against the table',
    'changes of status, in the append-only file, that the life table does not allow',
    livedWrong,
  ],
  ['slots leaked', "agents' counted load against the list of their open tickets against the records", slotsLeaked],
  ['counted wrong', "the engine's count of unfinished tickets against the records", countedWrong],
  [
    'alerts missing',
    'completed tickets above the threshold, once routed, whose alert the receiver never answered 2xx',
    alertsMissing,
  ],
  ['alerts without cause', 'alerts of tickets that are unknown or not above the threshold', alertsWithoutCause],
  [
    'alerts under two ids',
    'tickets whose alerts came under more than one webhook-id, and ids with more than one body',
    alertsTwice,
  ],
  ['alerts signed wrong', 'webhooks whose signature the receiver refused', signedWrong],
  [
    'dead letters',
    'dead letters other than the planted poison, planted ones that are not there, and any without a reason',
    deadWrong,
  ],
  [
    'left behind',
    'entries of lanes, processing, delayed, quarantined, waiting lines, unsettled incidents and outbox when all is done',
    leftBehind,
  ],
  ['locks left', 'locks held when all is done', ({ store }) => [...store.locks]],
  ['seen over HTTP', 'what GET /agents and GET /queue still count when all is done', overHttp],
  ...STORM_RULES,
];

/** Holds the evidence against every rule. */
export function runAudits(evidence: Evidence): readonly Finding[] {
  return RULES.map(([name, how, against]) => {
    const cases = against(evidence);
    return { name, how, count: cases.length, examples: cases.slice(0, MOST_EXAMPLES) };
  });
}

/** Whether every rule holds. */
export function allPass(findings: readonly Finding[]): boolean {
  return findings.every(({ count }) => count === 0);
}

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
    const assigned = timesAssigned(history);
    const completed = timesInStatus(history, 'completed');
    if (assigned > 1) cases.push(`${id}: given to an agent ${assigned} times`);
    else if (completed > 1) cases.push(`${id}: completed ${completed} times`);
    else if (history.commits > 1 + timesReleased(history)) cases.push(`${id}: decided ${history.commits} times`);
  }
  const inProcess = ledger.filter(({ answers }) => answers.some(({ status }) => status === 200)).map(({ id }) => id);
  for (const id of new Set([...inProcess, ...routedInProcess.keys()])) {
    const history = histories.get(id);
    // What is suppressed there when Redis comes back is queued: it was routed by nobody.
    const wasSuppressed = routedInProcess.get(id)?.includes('suppressed') === true;
    const isUnknowable = isQueuedBeforeRouter(evidence, id);
    if (history && !wasAdopted(history) && !wasSuppressed && !isUnknowable)
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

function slotsLeaked({ store }: Evidence): string[] {
  const byRecord = new Map<string, number>();
  for (const { status, agent = '' } of store.tickets.values())
    if (status === 'assigned') byRecord.set(agent, (byRecord.get(agent) ?? 0) + 1);
  const agents = new Set([...store.loads.keys(), ...store.openTickets.keys(), ...byRecord.keys()]);
  return [...agents].flatMap((agent) => {
    const [counted, listed, recorded] = [
      store.loads.get(agent) ?? 0,
      store.openTickets.get(agent)?.length ?? 0,
      byRecord.get(agent) ?? 0,
    ];
    return counted === listed && listed === recorded
      ? []
      : [`${agent}: counted ${counted}, listed ${listed}, by the records ${recorded}`];
  });
}

function countedWrong({ store }: Evidence): string[] {
  const unfinished = [...store.tickets.values()].filter(({ status }) => !['completed', 'dead'].includes(status)).length;
  return store.unfinished === unfinished ? [] : [`counted ${store.unfinished}, by the records ${unfinished}`];
}

function alertsMissing(evidence: Evidence): string[] {
  const { store, webhooks, alertThreshold } = evidence;
  const alerted = new Set(webhooks.filter(({ delivered }) => delivered > 0).map(({ ticketId }) => ticketId));
  return [...store.tickets]
    .filter(([, { status, urgency = 0 }]) => status === 'completed' && urgency > alertThreshold)
    .map(([id]) => id)
    .filter((id) => !alerted.has(id) && wasRouted(evidence, id));
}

function alertsWithoutCause({ store, webhooks, alertThreshold }: Evidence): string[] {
  return webhooks
    .filter(({ ticketId }) => !((store.tickets.get(ticketId)?.urgency ?? 0) > alertThreshold))
    .map(({ id, ticketId }) => `${id} of ${ticketId}`);
}

function alertsTwice({ webhooks, histories }: Evidence): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, ticketId } of webhooks) ids.set(ticketId, [...(ids.get(ticketId) ?? []), id]);
  const underTwoIds = [...ids]
    .filter(([, all]) => all.length > 1)
    .map(([ticket, all]) => `${ticket}: ${all.join(', ')}`);
  const twoBodies = webhooks.filter(({ bodies }) => bodies > 1).map(({ id, bodies }) => `${id}: ${bodies} bodies`);
  const twiceRaised = [...histories]
    .filter(([, { alerts }]) => alerts > 1)
    .map(([id, { alerts }]) => `${id}: raised ${alerts} times`);
  return [...underTwoIds, ...twoBodies, ...twiceRaised];
}

function signedWrong({ refusedWebhooks }: Evidence): string[] {
  return Array.from({ length: refusedWebhooks }, (_, index) => `refused webhook ${index + 1}`);
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

function leftBehind({ store }: Evidence): string[] {
  return [...store.places].flatMap(([place, ids]) => ids.map((id) => `${place}: ${id}`));
}

function overHttp({ overHttp: counts }: Evidence): string[] {
  return [...counts].filter(([, count]) => count !== 0).map(([name, count]) => `${name}: ${count}`);
}
