import type { RedisBroker } from '@smart-support/broker-redis';
import type { Claim, Decision, NewTicket } from '@smart-support/contracts';
import { processTickets, withBroker } from '../bench-redis';
import { serveRequests } from '../measured-process';
import { inFlight } from '../whole-passes';
import { callsOf, FILLING, sideServer, type SideSettings, type SideTask, timed } from './side-task';

const SWEEP_MS = 5_000;

/** Our broker: tickets are claimed, locked, given to an agent and committed with their record. They are never completed. */
class BrokerSide {
  private readonly tickets: readonly Omit<NewTicket, 'id'>[];

  constructor(private readonly settings: SideSettings) {
    this.tickets = settings.texts.map((text) => ({ input: { text }, lane: 'normal', lane_urgency: 0.3 }));
  }

  measure(task: SideTask): Promise<number> {
    return withBroker(this.settings.redis, async (broker) => {
      if (task.type === 'add') return this.addTickets(broker, task);
      await this.addTickets(broker, { ...task, ...FILLING });
      const sweeps = broker.leadSweeps(SWEEP_MS);
      const commit = async (claim: Claim) => broker.tickets.commit(claim, this.decisionOf(claim));
      const milliseconds = await processTickets(broker.queue, task.tickets, task.concurrency, commit);
      await sweeps.stop();
      return milliseconds;
    });
  }

  private async addTickets(
    broker: RedisBroker,
    { tickets, callers, ticketsPerCall }: { tickets: number; callers: number; ticketsPerCall: number },
  ): Promise<number> {
    const calls = callsOf(tickets, ticketsPerCall).map((numbers) => numbers.map((number) => this.ticketOf(number)));
    const milliseconds = await timed(() => inFlight(calls, callers, (call) => broker.queue.accept(call)));
    const { lanes } = await broker.queue.report();
    if (lanes.normal !== tickets) throw new Error(`${lanes.normal} of ${tickets} tickets are on the queue`);
    return milliseconds;
  }

  private ticketOf(number: number): NewTicket {
    const ticket = this.tickets[number % this.tickets.length];
    if (!ticket) throw new Error('there are no texts');
    return { id: String(number), ...ticket };
  }

  private decisionOf({ record }: Claim): Decision {
    const { decisions } = this.settings;
    const decision = decisions[Number(record.ticket.id) % decisions.length];
    if (!decision) throw new Error('there are no decisions');
    return decision;
  }
}

serveRequests(
  sideServer((settings) => {
    const side = new BrokerSide(settings);
    return (task) => side.measure(task);
  }),
);
