import { setTimeout as sleep } from 'node:timers/promises';
import { shuffled } from '../../../../train/random';
import { type PartSetup, provePart, runOnDomain, startProofEnvironment } from '../environment';
import { planOf } from '../plan';
import type { ProofDomain, ProofEnvironment, ProofTicket } from '../proof-domain';
import type { PartResult, RunOutcome } from '../run-outcome';
import { UNRELATED, similarTickets } from '../texts';
import {
  type OfferedTickets,
  type ProofState,
  orderFaults,
  rejectionFaults,
  resolutionFaults,
  soundnessFaults,
  stormFaults,
} from '../verdict';

const WORKERS = 2;
const STORM = similarTickets(500);
const CAPACITY = 600;
const CONCURRENCY = 16;
/** Longest time from the beginning of an operator's action until its connections are cut, in milliseconds. */
const LONGEST_ACTION_MS = 12;
/** Milliseconds after which everything has arrived that was sent before the cut. */
const ECHO_MS = 200;

/** How an incident ends, and what is wrong then. */
const ENDINGS = {
  reject: {
    atRest: ['assigned', 'waiting'],
    faults: (state: ProofState, offered: OfferedTickets) => [
      ...rejectionFaults(state, offered),
      ...orderFaults(state, offered),
    ],
  },
  resolve: { atRest: ['assigned', 'completed'], faults: resolutionFaults },
} as const;

type EndingName = keyof typeof ENDINGS;

/** Incidents of five hundred members, rejected and resolved. */
export async function proveFiveHundred(setup: PartSetup): Promise<PartResult[]> {
  const environment = await startProofEnvironment(setup, STORM, UNRELATED);
  const results: PartResult[] = [];
  for (const ending of ['reject', 'resolve'] as const) {
    results.push(
      await provePart(setup, environment, {
        ...{ what: `five hundred, ${ending}, ${WORKERS} workers`, standardRuns: 6, atOnce: 1 },
        run: (seed) => runFiveHundred(environment, seed, ending),
        lineAfter: ({ seed }) => `five hundred, ${ending}: seed ${seed} done`,
      }),
    );
  }
  return results;
}

async function runFiveHundred(environment: ProofEnvironment, seed: number, ending: EndingName): Promise<RunOutcome> {
  const plan = { ...planOf(seed, ending.length), concurrency: CONCURRENCY, gapMs: 0 };
  const tickets = STORM.map((text, index): ProofTicket => ({ id: `alike-${index}`, text }));
  return runOnDomain(
    environment,
    { prefix: `five-hundred-${ending}-${seed}`, plan, workers: WORKERS, capacity: CAPACITY, tickets },
    async ({ domain, ids, offered, readState }) => {
      await domain.offer(shuffled(tickets, plan.random));
      const before = [...(await domain.settled(ids, ['assigned', 'suppressed']))];
      const open = await readState();
      before.push(...soundnessFaults(open, offered, CAPACITY), ...stormFaults(open, offered));
      const incident = await domain.reader.openIncident();
      if (incident !== undefined)
        await endIncident(domain, incident, ending, plan.losesOperator ? LONGEST_ACTION_MS * plan.random() : undefined);
      const after = [...(await domain.settled(ids, ENDINGS[ending].atRest))];
      const state = await readState();
      after.push(...soundnessFaults(state, offered, CAPACITY), ...ENDINGS[ending].faults(state, offered));
      return [...before.map((fault) => `before the end: ${fault}`), ...after.map((fault) => `after the end: ${fault}`)];
    },
  );
}

/** Ends an incident. @param cutAfterMs - the operator's connections are cut after so long; never if `undefined` */
async function endIncident(
  domain: ProofDomain,
  incidentId: string,
  ending: EndingName,
  cutAfterMs: number | undefined,
): Promise<void> {
  if (cutAfterMs === undefined) {
    await domain.broker.incidents[ending](incidentId);
    return;
  }
  const operator = await domain.anotherBroker();
  const acting = operator.incidents[ending](incidentId).catch(() => undefined);
  await sleep(cutAfterMs);
  await operator.close();
  await acting;
  await sleep(ECHO_MS);
  // The cut came before anything was done.
  if ((await domain.reader.openIncident()) === incidentId) await domain.broker.incidents[ending](incidentId);
}
