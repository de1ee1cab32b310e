import { shuffled } from '../../../../train/random';
import { type PartSetup, everyFifty, provePart, runOnDomain, startProofEnvironment } from '../environment';
import { type RunPlan, planOf } from '../plan';
import type { ProofTicket } from '../proof-domain';
import type { PartResult } from '../run-outcome';
import { ELEVEN, UNRELATED } from '../texts';
import { soundnessFaults, stormFaults } from '../verdict';

/** Numbers of workers. */
const WORKERS = [1, 2, 4];

/** Slots of all agents: enough that no ticket waits. */
export const CAPACITY = 30;

/** Statuses in which tickets stay. */
export const AT_REST: readonly string[] = ['assigned', 'waiting', 'suppressed'];

/** Eleven similar tickets among others, through one, two and four workers: one Master Incident, opened by the eleventh in the order of the log. */
export async function proveEleven(setup: PartSetup): Promise<PartResult[]> {
  const environment = await startProofEnvironment(setup, ELEVEN, UNRELATED);
  const results: PartResult[] = [];
  for (const workers of WORKERS) {
    const run = (seed: number) => {
      const plan = planOf(seed, workers);
      const prefix = `eleven-${workers}-${seed}`;
      const tickets = elevenTickets(plan);
      return runOnDomain(
        environment,
        { prefix, plan, workers, capacity: CAPACITY, tickets },
        async ({ domain, ids, offered, readState }) => {
          await domain.offer(tickets);
          const restless = await domain.settled(ids, AT_REST);
          const state = await readState();
          return [...restless, ...soundnessFaults(state, offered, CAPACITY), ...stormFaults(state, offered)];
        },
      );
    };
    results.push(
      await provePart(setup, environment, {
        ...{ what: `eleven, ${workers} workers`, standardRuns: 200, atOnce: 6, run },
        lineAfter: everyFifty(`${workers} workers`),
      }),
    );
  }
  return results;
}

/** Eleven similar tickets, or ten where the plan is calm, among unrelated ones, in the order of the plan. */
export function elevenTickets({ random, isCalm }: RunPlan): readonly ProofTicket[] {
  const alike = shuffled(ELEVEN, random).slice(0, isCalm ? -1 : undefined);
  return shuffled([...alike, ...UNRELATED], random).map((text) => ({
    id: `${alike.includes(text) ? 'alike' : 'other'}-${[...ELEVEN, ...UNRELATED].indexOf(text)}`,
    text,
  }));
}
