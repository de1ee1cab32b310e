import type { Ledger } from '../../cast/ledger';
import { CHAOS_ROSTER } from '../cast/roster';
import { ALERT_THRESHOLD, type Stage } from '../cast/stage';
import { readHistory } from './append-only-file';
import type { Evidence } from './evidence';
import { ticketsRoutedInProcess } from './gateway-log';
import { DOMAIN } from './read-store';
import { TicketHistories, wasAdopted } from './ticket-history';

/** The evidence, and numbers that are not judged. */
export interface Gathered {
  readonly evidence: Evidence;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Looks at everything when all is calm: Redis and its append-only file, the receiver, the ledger, and what the gateway says. */
export async function gather(stage: Stage, ledger: Ledger, poison: ReadonlySet<string>): Promise<Gathered> {
  const { store, redis, receiver, agents, proxy, gatewayLog } = stage;
  const histories = new TicketHistories(DOMAIN);
  const overHttp = await countsOverHttp(stage);
  const state = await store.state(CHAOS_ROSTER.map(({ id }) => id));
  const file = await readHistory(redis.directory, (command) => histories.read(command));
  const evidence: Evidence = {
    ledger: ledger.entries(),
    store: state,
    histories: histories.tickets,
    routedInProcess: await ticketsRoutedInProcess(gatewayLog),
    webhooks: receiver.webhooks
      .filter(({ type }) => type === 'ticket.urgent')
      .map(({ id, about, delivered, bodies }) => ({ id, ticketId: about, delivered, bodies: bodies.size })),
    refusedWebhooks: receiver.refusedCount,
    poison,
    unseemlyCompletions: agents.unseemlyAnswers,
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
    'waited in line for an agent': all.filter(({ steps }) => steps.some(({ status }) => status === 'waiting')).length,
    'poison planted': poison.size,
    'dead letters': state.dead.length,
    'alerts delivered': receiver.deliveredCount,
    'tries of webhooks': sum(receiver.webhooks.map(({ tries }) => tries)),
    ...Object.fromEntries(Object.entries(receiver.moodCounts).map(([mood, count]) => [`of them ${mood}`, count])),
    'stalls (a worker vanished with the ticket)': sum(all.map(({ stalls }) => stalls)),
    'most stalls of one ticket': Math.max(0, ...all.map(({ stalls }) => stalls)),
    'connections cut in mid-reply': proxy.made,
    'writes in the append-only file': file.commands,
    'bytes of the append-only file': file.bytes,
    ...Object.fromEntries([...histories.highestLoads].map(([agent, load]) => [`highest load of ${agent}`, load])),
  };
  return { evidence, numbers };
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
