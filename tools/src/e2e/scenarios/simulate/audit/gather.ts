import type { Incident, Ticket } from '@smart-support/contracts';
import type { HttpClient } from '../../../harness/http-client';
import type { Ledger } from '../../../harness/ledger';
import { readHistory } from '../../../harness/history/append-only-file';
import { ticketsRoutedInProcess } from '../../../harness/gateway-log';
import { DOMAIN } from '../../../harness/store-reader';
import { TicketHistories } from '../../../harness/history/ticket-history';
import { type Scenario, type ScenarioId, scenarioOfTicket } from '../day/scenario';
import { type Day, ticketsOf } from '../day/day';
import type { PerformedAction } from '../play/actions';
import { readMembers } from '../play/operator';
import type { Recorder, SeenIncident } from '../recorder/recorder';
import { ALERT_THRESHOLD, TICKET_THRESHOLD } from '../settings';
import type { Stage } from '../environment';
import type { EndedTicket, Evidence, IncidentEvidence, Span } from './evidence';

/** What the evidence is gathered from. */
export interface GatherOptions {
  readonly day: Day;
  readonly stage: Stage;
  readonly ledger: Ledger;
  readonly actions: readonly PerformedAction[];
  readonly recorder: Pick<Recorder, 'samples' | 'incidents'>;
  /** What was not done when nothing changed any more. */
  readonly left: ReadonlyMap<string, number>;
}

/** Looks at everything when all is calm: over HTTP, in the append-only file, in the logs, and at the receiver. */
export async function gatherEvidence(options: GatherOptions): Promise<Evidence> {
  const { day, stage, ledger, actions, recorder, left } = options;
  const histories = new TicketHistories(DOMAIN);
  await readHistory(stage.redis.directory, (command) => histories.read(command));
  const answers = new Map(ledger.entries().map((entry) => [entry.id, entry.answers.map(({ status }) => status)]));
  const planned = ticketsOf(day);
  const [gatewayLog = ''] = stage.logs;
  return {
    submitted: planned.map(({ id, scenario }) => ({ id, scenario, answers: answers.get(id) ?? [] })),
    ended: await endedTickets(
      stage.operators,
      planned.map(({ id }) => id),
    ),
    histories: histories.tickets,
    inProcess: await ticketsRoutedInProcess(gatewayLog),
    webhooks: stage.receiver.webhooks.map(({ bodies, ...webhook }) => ({ ...webhook, bodies: bodies.size })),
    refusedWebhooks: stage.receiver.refusedCount,
    incidents: await allIncidents(stage.operators, recorder.incidents),
    endings: actions.flatMap(({ ending }) => (ending ? [ending] : [])),
    samples: recorder.samples,
    slow: spanOf(day, 'slow'),
    redisAway: spanOf(day, 'redis'),
    inFlight: actions.find(({ inFlight }) => inFlight !== undefined)?.inFlight,
    left,
    alertThreshold: ALERT_THRESHOLD,
    ticketThreshold: TICKET_THRESHOLD,
  };
}

async function endedTickets(client: HttpClient, ids: readonly string[]): Promise<ReadonlyMap<string, EndedTicket>> {
  const found = await Promise.all(
    ids.map(async (id): Promise<[string, EndedTicket][]> => {
      const { status: code, body } = await client.send('GET', `/tickets/${id}`);
      if (code !== 200) return [];
      const { status, resolution, urgency_score: urgency } = body as Ticket;
      return [[id, { status, resolution, urgency }]];
    }),
  );
  return new Map(found.flat());
}

/** Every incident of the day, the first first: as it stands now, or as it was last seen if it is gone. */
async function allIncidents(
  client: HttpClient,
  seen: ReadonlyMap<string, SeenIncident>,
): Promise<readonly IncidentEvidence[]> {
  return Promise.all(
    [...seen].map(async ([id, { incident, members: seenMembers, fromMs, toMs }]) => {
      const { status, body } = await client.send('GET', `/incidents/${id}`);
      const now: Incident | undefined = status === 200 ? (body as Incident) : undefined;
      const members = now ? await readMembers(client, id) : seenMembers;
      const scenarios = [...new Set(members.map(scenarioOfTicket).filter((scenario) => scenario !== undefined))];
      return { ...(now ?? { ...incident, status: 'gone' }), scenarios, members, seenFromMs: fromMs, seenToMs: toMs };
    }),
  );
}

function spanOf({ scenarios }: Day, id: ScenarioId): Span {
  const scenario: Scenario | undefined = scenarios.find((one) => one.id === id);
  return { fromMs: scenario?.fromMs ?? 0, toMs: scenario?.toMs ?? 0 };
}
