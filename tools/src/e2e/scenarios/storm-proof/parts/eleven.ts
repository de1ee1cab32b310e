import { unsoundness, wrongStorm } from '../audit/verdict';
import { ProofDomain, type ProofStage, type ProofTicket } from '../proof-domain';
import { type PartSetup, agentsWith, openStage, withHistory } from '../environment';
import { planOf } from '../plan';
import { type PartResult, type RunOutcome, makeRuns, seedsFrom } from '../run-outcome';
import { ELEVEN, UNRELATED } from '../texts';
import { shuffled } from '../../../../train/random';

const CREWS = [1, 2, 4];
const STANDARD_RUNS = 200;
const AT_ONCE = 6;
const CAPACITY = 30;
const AT_REST = ['assigned', 'waiting', 'suppressed'];

/** Eleven similar tickets among others, through one, two and four workers: one Master Incident, opened by the eleventh in the order of the log. */
export async function proveEleven(setup: PartSetup): Promise<PartResult[]> {
  const stage = await openStage(setup, ELEVEN, UNRELATED);
  const { runs = STANDARD_RUNS, seed, say } = setup;
  const results: PartResult[] = [];
  for (const workers of CREWS) {
    const startedAt = Date.now();
    let done = 0;
    const outcomes = await makeRuns(
      seedsFrom(seed, runs),
      AT_ONCE,
      (one) => runEleven(stage, one, workers),
      () => {
        done += 1;
        if (done % 50 === 0) say(`${workers} workers: ${done} of ${runs}`);
      },
    );
    results.push(await withHistory(`eleven, ${workers} workers`, stage, outcomes, startedAt));
  }
  return results;
}

async function runEleven(stage: ProofStage, seed: number, workers: number): Promise<RunOutcome> {
  const plan = planOf(seed, workers);
  const prefix = `eleven-${workers}-${seed}`;
  const alike = shuffled(ELEVEN, plan.random).slice(0, plan.isCalm ? -1 : undefined);
  const tickets = shuffled([...alike, ...UNRELATED], plan.random).map((text): ProofTicket => ({
    id: `${alike.includes(text) ? 'alike' : 'other'}-${[...ELEVEN, ...UNRELATED].indexOf(text)}`,
    text,
  }));
  const ids = tickets.map(({ id }) => id);
  const offered = {
    alike: ids.filter((id) => id.startsWith('alike')),
    others: ids.filter((id) => id.startsWith('other')),
  };
  const agents = agentsWith(CAPACITY);
  const domain = await ProofDomain.open(stage, { prefix, plan, workers, agents, tickets: ids.length });
  try {
    await domain.offer(tickets);
    const restless = await domain.settled(ids, AT_REST);
    const state = await domain.reader.state(
      ids,
      agents.map(({ id }) => id),
    );
    const faults = [...restless, ...unsoundness(state, offered, CAPACITY), ...wrongStorm(state, offered)];
    const { lostWorker, lostTickets, changedCount: changed } = domain;
    return {
      ...{ seed, prefix, lostWorker, lostTickets, changed, late: 0, mayWait: false, faults },
      ...(faults.length > 0 ? { evidence: state } : {}),
    };
  } finally {
    await domain.close();
  }
}
