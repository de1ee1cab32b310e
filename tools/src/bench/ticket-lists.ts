import type { NewTicket, TicketQuery } from '@smart-support/contracts';
import type { RedisBroker } from '@smart-support/broker-redis';
import { processTickets, withBroker, withRedis } from './bench-redis';
import { type Finding, reportedFinding } from './measure';
import { instantDecisions } from './queue/instant-model';
import { readSampleTexts } from './sample-tickets';
import type { Workbench } from './workbench';

const TICKETS = 1_000_000;
/** Tickets offered in one command. */
const OFFERED_AT_ONCE = 100;
/** Tickets that are decided: the oldest, so that a view of them from the newest on looks through the whole index. */
const DECIDED = 20_000;
const REQUESTERS = 5_000;
/** Calls of each view; the 95th percentile is its figure. */
const CALLS = 100;

/** What is asked for, a page of each. */
const VIEWS: Readonly<Record<string, Partial<TicketQuery>>> = {
  'all, the newest first': {},
  'assigned, of one in fifty, all at the other end': { status: ['assigned'] },
  'assigned, of one category': { status: ['assigned'], category: ['Legal'] },
  'of one agent': { agent: 'chiyo' },
  'of one requester of 5,000': { requester: 'person-17@example.com' },
  none: { status: ['dead'] },
  'the most urgent': { sort: 'urgency' },
};

/** How long a page of a list takes among a million tickets in Redis, and the counts of all of them. */
export async function benchTicketLists({ root, progress }: Workbench): Promise<readonly Finding[]> {
  return withRedis((server) =>
    withBroker(server.url, async (broker) => {
      await fill(broker, progress);
      const decisions = instantDecisions(readSampleTexts(root));
      let decided = 0;
      await processTickets(broker.queue, DECIDED, 64, (claim) => {
        const decision = decisions[decided++ % decisions.length];
        if (!decision) throw new Error('There is no sample text');
        return broker.tickets.commit(claim, decision);
      });
      const figures: Record<string, number[]> = {};
      for (const [name, view] of Object.entries(VIEWS)) {
        const query = { sort: 'newest' as const, ...view };
        figures[name] = [await slowest(() => broker.tickets.list(query))];
      }
      figures['counts of all'] = [await slowest(() => broker.tickets.count({}))];
      return [reportedFinding('A page of 100 among 1,000,000 tickets, p95', 'ms', figures, 'at most 10 ms')];
    }),
  );
}

async function fill(broker: RedisBroker, progress: (done: number) => void): Promise<void> {
  for (let first = 0; first < TICKETS; first += OFFERED_AT_ONCE) {
    const offers = Array.from({ length: OFFERED_AT_ONCE }, (_, index): NewTicket => {
      const number = first + index;
      return {
        id: `ticket-${number}`,
        input: {
          text: `The page of order ${number} shows an error since this morning.`,
          requester: `person-${number % REQUESTERS}@example.com`,
        },
        lane: 'normal',
        lane_urgency: 0.4,
      };
    });
    await broker.queue.accept(offers);
    if (first % (TICKETS / 10) === 0) progress(first / (TICKETS / 10));
  }
}

/** The 95th percentile of the milliseconds that a call takes. */
async function slowest(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < CALLS; turn += 1) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.ceil(CALLS * 0.95) - 1] ?? 0;
}
