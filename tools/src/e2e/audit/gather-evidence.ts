import type { Agents } from '../harness/agents';
import type { TestEnvironment } from '../harness/environment';
import { readGatewayLog } from '../harness/app-log';
import type { DomainHistory } from '../harness/history/write-history';
import type { HttpClient } from '../harness/http-client';
import type { Ledger } from '../harness/ledger';
import type { StoreReader } from '../harness/store-reader';
import type { Evidence, StormEvidence } from './evidence';

/** Urgency strictly above which an alert is due: the engine's default, which no scenario changes. */
export const ALERT_THRESHOLD = 0.8;

/** What {@link gatherEvidence} looks at. */
export interface EvidenceSources {
  readonly environment: Pick<TestEnvironment, 'gatewayLog' | 'receiver'>;
  readonly reader: StoreReader;
  readonly client: HttpClient;
  readonly agents: Pick<Agents, 'unexpectedAnswers' | 'undoneCompletions'>;
  /** Ids of the agents in the roster. */
  readonly roster: readonly string[];
  readonly ledger: Ledger;
  readonly history: DomainHistory;
  readonly poison: ReadonlySet<string>;
  readonly storms: Pick<StormEvidence, 'planted' | 'rules' | 'endings'>;
}

/** Gathers the evidence of a run whose environment is idle. */
export async function gatherEvidence(sources: EvidenceSources): Promise<Evidence> {
  const { environment, reader, client, agents, roster, ledger, history, poison, storms } = sources;
  const { statuses, startTimes } = await readGatewayLog(environment.gatewayLog);
  return {
    ledger: ledger.entries(),
    overHttp: await countsOverHttp(client, roster.length),
    store: await reader.state(roster),
    locks: await reader.locks(),
    histories: history.tickets,
    routedInProcess: statuses,
    routerStartTimes: startTimes,
    webhooks: environment.receiver.webhooks.map(({ bodies, ...webhook }) => ({ ...webhook, bodies: bodies.size })),
    refusedWebhooks: environment.receiver.refusedCount,
    storms: { ...storms, log: history.stormLog, raised: history.raised },
    poison,
    unexpectedCompletions: agents.unexpectedAnswers,
    undoneCompletions: agents.undoneCompletions,
    alertThreshold: ALERT_THRESHOLD,
  };
}

/** What the gateway still counts; all zero when nothing is left. */
async function countsOverHttp(client: HttpClient, agentCount: number): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const agents = await client.send('GET', '/agents');
  const queue = await client.send('GET', '/queue');
  if (agents.status !== 200) counts.set('GET /agents, HTTP status', agents.status);
  else {
    const { agents: list } = agents.body as {
      readonly agents: readonly { readonly id: string; readonly load: number }[];
    };
    for (const { id, load } of list) counts.set(`load of ${id}`, load);
    if (list.length !== agentCount) counts.set('agents, instead of as many as the roster has', list.length);
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
