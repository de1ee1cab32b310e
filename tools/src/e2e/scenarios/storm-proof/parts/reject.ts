import { setTimeout as sleep } from 'node:timers/promises';
import { arrivedLate, unsoundness, wrongRejection } from '../audit/verdict';
import { ProofDomain, type ProofStage, type ProofTicket } from '../proof-domain';
import { type PartSetup, agentsWith, openStage, withHistory } from '../environment';
import { planOf } from '../plan';
import { type PartResult, type RunOutcome, makeRuns, seedsFrom } from '../run-outcome';
import { UNRELATED, similarTickets } from '../texts';
import { shuffled } from '../../../../train/random';

const WORKERS = 2;
const STANDARD_RUNS = 200;
const AT_ONCE = 6;
const STORM = similarTickets(60);
const PLENTY = 90;
const SCARCE = 24;
const LOOK_MS = 3;
const PATIENCE_MS = 30_000;
const LONGEST_HESITATION_MS = 25;

/** The part of all tickets that has come by a rejection, at least: sooner, those that still come would outnumber the rejected ones, and rightly open another incident. */
const REJECTED_FROM = 0.7;

/** A storm that still grows is rejected: everybody is routed, once. */
export async function proveRejection(setup: PartSetup): Promise<PartResult[]> {
  const stage = await openStage(setup, STORM, UNRELATED);
  const { runs = STANDARD_RUNS, seed, say } = setup;
  const startedAt = Date.now();
  let done = 0;
  const outcomes = await makeRuns(
    seedsFrom(seed, runs),
    AT_ONCE,
    (one) => runRejection(stage, one),
    () => {
      done += 1;
      if (done % 50 === 0) say(`reject: ${done} of ${runs}`);
    },
  );
  return [await withHistory(`reject, ${WORKERS} workers`, stage, outcomes, startedAt)];
}

async function runRejection(stage: ProofStage, seed: number): Promise<RunOutcome> {
  const plan = planOf(seed);
  const prefix = `reject-${seed}`;
  const tickets = [
    ...STORM.map((text, index): ProofTicket => ({ id: `alike-${index}`, text })),
    ...UNRELATED.map((text, index): ProofTicket => ({ id: `other-${index}`, text })),
  ];
  const inOrder = shuffled(tickets, plan.random);
  const ids = tickets.map(({ id }) => id);
  const offered = {
    alike: ids.filter((id) => id.startsWith('alike')),
    others: ids.filter((id) => id.startsWith('other')),
  };
  const capacity = plan.isScarce ? SCARCE : PLENTY;
  const agents = agentsWith(capacity);
  const domain = await ProofDomain.open(stage, { prefix, plan, workers: WORKERS, agents, tickets: ids.length });
  try {
    const moment = Math.floor(ids.length * (REJECTED_FROM + (1 - REJECTED_FROM) * plan.random()));
    const [trouble] = await Promise.all([rejectAfter(domain, moment, plan.random), domain.offer(inOrder)]);
    const restless = await domain.settled(ids, ['assigned', 'waiting']);
    const state = await domain.reader.state(
      ids,
      agents.map(({ id }) => id),
    );
    const faults = [
      ...trouble,
      ...restless,
      ...unsoundness(state, offered, capacity),
      ...wrongRejection(state, offered),
    ];
    const { lostWorker, lostTickets, changedCount: changed } = domain;
    return {
      ...{
        seed,
        prefix,
        lostWorker,
        lostTickets,
        changed,
        late: arrivedLate(state, offered),
        mayWait: plan.isScarce,
        faults,
      },
      ...(faults.length > 0 ? { evidence: state } : {}),
    };
  } finally {
    await domain.close();
  }
}

/** Rejects the incident once it is there and the log has so many entries, or a little later. @returns what went wrong */
async function rejectAfter(domain: ProofDomain, entries: number, random: () => number): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const open = (await domain.reader.incidents()).find(({ status }) => status === 'open');
    if (open && (await domain.reader.logLength()) >= entries) {
      await sleep(LONGEST_HESITATION_MS * random());
      await domain.broker.incidents.reject(open.id);
      return [];
    }
    await sleep(LOOK_MS);
  }
  return ['No incident opened that could be rejected'];
}
