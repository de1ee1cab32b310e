import { setTimeout as sleep } from 'node:timers/promises';
import { shuffled } from '../../../../train/random';
import { type PartSetup, everyFifty, provePart, runOnDomain, startProofEnvironment } from '../environment';
import { planOf } from '../plan';
import type { ProofDomain, ProofTicket } from '../proof-domain';
import type { PartResult } from '../run-outcome';
import { UNRELATED, similarTickets } from '../texts';
import { rejectionFaults, soundnessFaults } from '../verdict';

const WORKERS = 2;
const STORM = similarTickets(60);
const PLENTY = 90;
const SCARCE = 24;
const LOOK_MS = 3;
const PATIENCE_MS = 30_000;
const LONGEST_DELAY_MS = 25;

/** Least share of the tickets that arrived before a rejection: with fewer, those after it would outnumber the rejected ones and rightly open another incident. */
const REJECTED_FROM = 0.7;

const TICKETS: readonly ProofTicket[] = [
  ...STORM.map((text, index) => ({ id: `alike-${index}`, text })),
  ...UNRELATED.map((text, index) => ({ id: `other-${index}`, text })),
];

/** A storm that still grows is rejected: every ticket is routed, once. */
export async function proveRejection(setup: PartSetup): Promise<PartResult[]> {
  const environment = await startProofEnvironment(setup, STORM, UNRELATED);
  const run = (seed: number) => {
    const plan = planOf(seed);
    const capacity = plan.isScarce ? SCARCE : PLENTY;
    const tickets = shuffled(TICKETS, plan.random);
    return runOnDomain(
      environment,
      { prefix: `reject-${seed}`, plan, workers: WORKERS, capacity, tickets, mayWait: plan.isScarce },
      async ({ domain, ids, offered, readState }) => {
        const moment = Math.floor(ids.length * (REJECTED_FROM + (1 - REJECTED_FROM) * plan.random()));
        const [missed] = await Promise.all([rejectAfter(domain, moment, plan.random), domain.offer(tickets)]);
        const restless = await domain.settled(ids, ['assigned', 'waiting']);
        const state = await readState();
        return [
          ...missed,
          ...restless,
          ...soundnessFaults(state, offered, capacity),
          ...rejectionFaults(state, offered),
        ];
      },
    );
  };
  return [
    await provePart(setup, environment, {
      ...{ what: `reject, ${WORKERS} workers`, standardRuns: 200, atOnce: 6, run, lineAfter: everyFifty('reject') },
    }),
  ];
}

/** Rejects the incident once it is open and the log has so many entries, or a little later. @returns what went wrong */
async function rejectAfter(domain: ProofDomain, entries: number, random: () => number): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const open = await domain.reader.openIncident();
    if (open !== undefined && (await domain.reader.stormLogLength()) >= entries) {
      await sleep(LONGEST_DELAY_MS * random());
      await domain.broker.incidents.reject(open);
      return [];
    }
    await sleep(LOOK_MS);
  }
  return ['No incident opened that could be rejected'];
}
