import { Consumer } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import type { Claim, Decision, NewTicket } from '@smart-support/contracts';
import { inFlight } from '../whole-passes';
import { contact } from './contact';
import {
  FILLING_CALLS,
  type QueueSide,
  type SideSettings,
  type SideTask,
  TICKETS_PER_FILLING_CALL,
  callsOf,
  serveAsSide,
  timed,
} from './queue-side';
import { roomyRoster } from './roomy-roster';

const LEASE_MS = 30_000;
const SWEEP_MS = 5_000;

/** Our broker: tickets are claimed, locked, given to an agent and committed with their record. Nobody completes them. */
class OurSide implements QueueSide {
  private readonly tickets: readonly Omit<NewTicket, 'id'>[];

  constructor(private readonly settings: SideSettings) {
    this.tickets = settings.texts.map((text) => ({ input: { text }, lane: 'normal', lane_urgency: 0.3 }));
  }

  async run(task: SideTask): Promise<number> {
    const broker = createRedisBroker({ url: this.settings.redis, prefix: 'bench', queueKey: 'tickets' });
    try {
      await contact(broker);
      return task.what === 'add' ? await this.add(broker, task) : await this.process(broker, task);
    } finally {
      await broker.close();
    }
  }

  private async add(
    broker: RedisBroker,
    { tickets, inFlight: callers, ticketsPerCall }: Omit<Extract<SideTask, { what: 'add' }>, 'what'>,
  ): Promise<number> {
    const calls = callsOf(tickets, ticketsPerCall).map((numbers) => numbers.map((number) => this.ticket(number)));
    const milliseconds = await timed(() => inFlight(calls, callers, (call) => broker.queue.accept(call)));
    const { lanes } = await broker.queue.report();
    if (lanes.normal !== tickets) throw new Error(`${lanes.normal} of ${tickets} tickets are on the queue`);
    return milliseconds;
  }

  private async process(
    broker: RedisBroker,
    { tickets, concurrency }: Extract<SideTask, { what: 'process' }>,
  ): Promise<number> {
    await broker.agents.seed(roomyRoster(tickets));
    await this.add(broker, { tickets, inFlight: FILLING_CALLS, ticketsPerCall: TICKETS_PER_FILLING_CALL });
    const sweeps = broker.leadSweeps(SWEEP_MS);
    let consumer: Consumer | undefined;
    const milliseconds = await timed(
      () =>
        new Promise<void>((resolve, reject) => {
          let done = 0;
          const handle = async (claim: Claim): Promise<void> => {
            const { ticket } = await broker.tickets.commit(claim, this.decision(claim));
            if (ticket.status !== 'assigned') reject(new Error(`a ticket became ${ticket.status}`));
            done += 1;
            if (done === tickets) resolve();
          };
          const { queue } = broker;
          const pace = { concurrency, leaseMs: LEASE_MS, idleMs: 1000, sweep: false };
          consumer = new Consumer({ queue, handle, ...pace, onError: reject });
          consumer.start();
        }),
    );
    await Promise.all([consumer?.stop(), sweeps.stop()]);
    return milliseconds;
  }

  private ticket(number: number): NewTicket {
    const ticket = this.tickets[number % this.tickets.length];
    if (!ticket) throw new Error('there are no texts');
    return { id: String(number), ...ticket };
  }

  private decision({ record }: Claim): Decision {
    const { decisions } = this.settings;
    const decision = decisions[Number(record.ticket.id) % decisions.length];
    if (!decision) throw new Error('there are no decisions');
    return decision;
  }
}

serveAsSide((settings) => new OurSide(settings));
