import { CHAOS_ROSTER } from './roster';
import { ALERT_THRESHOLD, type Stage } from './environment';
import { STORM_RULES } from './storm-settings';
import type { Ledger } from '../../harness/ledger';
import type { Operators } from './traffic/operators';
import type { PlantedStorm } from './traffic/storms';
import type { Evidence, IncidentWebhookEvidence } from '../../audit/evidence';
import { beginningsOfRouters, livesInProcess } from '../../harness/gateway-log';
import { readIncidents } from '../../harness/read-incidents';
import { isQueuedBeforeRouter } from '../../audit/audit';
import { incidentsOfStorms, openedIncidents } from '../../audit/storm-audits';
import { timesInStatus, wasAdopted } from '../../harness/history/ticket-history';

/** The evidence, and numbers that are not judged. */
export interface Gathered {
  readonly evidence: Evidence;
  readonly numbers: Readonly<Record<string, number>>;
}

/** What is looked at. */
interface Sources {
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly poison: ReadonlySet<string>;
  readonly storms: readonly PlantedStorm[];
  readonly operators: Operators;
}

/** Looks at everything when all is calm: Redis and its append-only file, the receiver, the ledger, and what the gateway says. */
export async function gatherEvidence({ stage, ledger, poison, storms, operators }: Sources): Promise<Gathered> {
  const { store, receiver, agents, gatewayLog } = stage;
  const overHttp = await countsOverHttp(stage);
  const state = await store.state(CHAOS_ROSTER.map(({ id }) => id));
  const { tickets: histories, storms: history, numbers: historyNumbers } = await stage.readHistory();
  const evidence: Evidence = {
    ledger: ledger.entries(),
    store: state,
    histories: histories.tickets,
    routedInProcess: await livesInProcess(gatewayLog),
    beginningsOfRouters: await beginningsOfRouters(gatewayLog),
    webhooks: receiver.webhooks
      .filter(({ type }) => type === 'ticket.urgent')
      .map(({ id, about, delivered, bodies }) => ({ id, ticketId: about, delivered, bodies: bodies.size })),
    storms: {
      planted: storms,
      rules: STORM_RULES,
      log: history.entries,
      incidents: await readIncidents(stage.ownRedis),
      raised: history.raised,
      webhooks: incidentWebhooks(stage),
      endings: operators.endings,
    },
    refusedWebhooks: receiver.refusedCount,
    poison,
    unexpectedCompletions: agents.unexpectedAnswers,
    undoneCompletions: agents.undoneCompletions,
    alertThreshold: ALERT_THRESHOLD,
    overHttp,
  };
  const all = [...histories.tickets.values()];
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const numbers = {
    'tickets sent': ledger.size,
    accepted: ledger.acceptedCount,
    completed: [...state.tickets.values()].filter(({ status }) => status === 'completed').length,
    'answered in-process, adopted by Redis later': all.filter(wasAdopted).length,
    'routed by a restarted gateway while Redis was away, and by the queue that had it (decision 12)': [
      ...evidence.routedInProcess.keys(),
    ].filter((id) => isQueuedBeforeRouter(evidence, id)).length,
    'waited in line for an agent': all.filter(({ steps }) => steps.some(({ status }) => status === 'waiting')).length,
    'poison planted': poison.size,
    'dead letters': state.dead.length,
    ...stormNumbers(evidence),
    'webhooks delivered': receiver.deliveredCount,
    'tries of webhooks': sum(receiver.webhooks.map(({ tries }) => tries)),
    ...Object.fromEntries(Object.entries(receiver.behaviourCounts).map(([mood, count]) => [`of them ${mood}`, count])),
    'stalls (a worker vanished with the ticket)': sum(all.map(({ stalls }) => stalls)),
    'most stalls of one ticket': Math.max(0, ...all.map(({ stalls }) => stalls)),
    ...historyNumbers,
    ...Object.fromEntries([...histories.highestLoads].map(([agent, load]) => [`highest load of ${agent}`, load])),
  };
  return { evidence, numbers };
}

function incidentWebhooks({ receiver }: Stage): readonly IncidentWebhookEvidence[] {
  return receiver.webhooks
    .filter(({ type }) => type.startsWith('incident.'))
    .map(({ id, type, about, representative = '', delivered, bodies }) => ({
      ...{ id, type, incidentId: about, representative },
      ...{ delivered, bodies: bodies.size },
    }));
}

/** What came of the storms. */
function stormNumbers(evidence: Evidence): Readonly<Record<string, number>> {
  const { histories, routedInProcess, storms, store } = evidence;
  const opened = openedIncidents(evidence);
  const byStorm = incidentsOfStorms(opened);
  const inStatus = (wanted: string): number => [...opened.values()].filter(({ status }) => status === wanted).length;
  const became = [...histories.values()].filter((history) => timesInStatus(history, 'suppressed') > 0).length;
  const own = storms.webhooks.filter(
    ({ type, incidentId }) => type === 'incident.opened' && !storms.incidents.has(incidentId),
  );
  const answers = storms.endings.flatMap(({ answers: all }) => all);
  const isInProcess = (ids: readonly { readonly id: string }[]): boolean =>
    ids.some(({ id }) => routedInProcess.has(id));
  return {
    'storms planted': storms.planted.length,
    'storms with one incident': storms.planted.filter(({ number }) => byStorm.get(number)?.length === 1).length,
    'storms with more': storms.planted.filter(({ number }) => (byStorm.get(number)?.length ?? 0) > 1).length,
    'storms with none': storms.planted.filter(({ number }) => !byStorm.has(number)).length,
    'storms that went in-process in part': storms.planted.filter(({ reports }) => isInProcess(reports)).length,
    'incidents opened': opened.size,
    ...Object.fromEntries(
      ['open', 'quiet', 'resolved', 'rejected'].map((status) => [`of them ${status}`, inStatus(status)]),
    ),
    'incidents that a gateway opened by itself': own.length,
    suspicions: storms.incidents.size - opened.size,
    'tickets that were suppressed': became,
    'tickets that are suppressed still': [...store.tickets.values()].filter(({ status }) => status === 'suppressed')
      .length,
    'tickets completed by incidents': [...store.tickets.values()].filter(({ resolution }) => resolution === 'incident')
      .length,
    'doubtful tickets queued again': [...store.tickets.values()].filter(({ released }) => released !== undefined)
      .length,
    'tries to end an incident': answers.length,
    ...Object.fromEntries(
      [...new Set(answers)].map((status) => [
        `of them answered ${status}`,
        answers.filter((one) => one === status).length,
      ]),
    ),
  };
}

/** What the gateway still counts; all zero when nothing is left. */
async function countsOverHttp({ client }: Stage): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const agents = await client.send('GET', '/agents');
  const queue = await client.send('GET', '/queue');
  if (agents.status !== 200) counts.set('GET /agents, HTTP status', agents.status);
  else {
    const { agents: list } = agents.body as {
      readonly agents: readonly { readonly id: string; readonly load: number }[];
    };
    for (const { id, load } of list) counts.set(`load of ${id}`, load);
    if (list.length !== CHAOS_ROSTER.length) counts.set('agents, instead of as many as the roster has', list.length);
  }
  if (queue.status !== 200) counts.set('GET /queue, HTTP status', queue.status);
  else {
    const report = queue.body as {
      readonly lanes: Readonly<Record<string, number>>;
      readonly in_progress: number;
      readonly waiting: Readonly<Record<string, number>>;
      readonly outbox: number;
    };
    for (const [lane, count] of Object.entries(report.lanes)) counts.set(`lane ${lane}`, count);
    for (const [category, count] of Object.entries(report.waiting)) counts.set(`waiting for ${category}`, count);
    counts.set('in progress', report.in_progress);
    counts.set('outbox', report.outbox);
  }
  return counts;
}
