import { type AgentProfile, DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { inFlight } from '../../../bench/whole-passes';
import { sum } from '../../../train/metrics';
import type { CleanUp } from '../../harness/clean-up';
import { timesReleased } from '../../harness/history/ticket-history';
import { type SingleStore, readWriteHistory, startSingleStore } from '../../harness/store/start-store';
import { historyFaults } from './history-faults';
import type { RunPlan } from './plan';
import { ProofDomain, type ProofEnvironment, type ProofTicket } from './proof-domain';
import { recordTexts, recordedText } from './recorded-models';
import type { PartResult, RunOutcome } from './run-outcome';
import { assertStorm } from './similarity';
import { type OfferedTickets, type ProofState, arrivedLate, readState } from './verdict';

/** How a part is proved. */
export interface PartSetup {
  /** Number of runs; the part's own number if `undefined`. */
  readonly runs: number | undefined;
  /** Of the first run. */
  readonly seed: number;
  readonly cleanUp: CleanUp;
  /** Prints a line of progress. */
  readonly print: (line: string) => void;
}

/** Starts a Redis for one part. Writes need not reach the disk, because it is never killed. */
export function startProofStore(cleanUp: CleanUp): Promise<SingleStore> {
  return startSingleStore(cleanUp, ['--appendfsync', 'no']);
}

/**
 * Starts a Redis, and has the real model read the texts of a part.
 * @throws Error if the texts are no storm and unrelated ones
 */
export async function startProofEnvironment(
  { cleanUp, print }: PartSetup,
  storm: readonly string[],
  others: readonly string[],
): Promise<ProofEnvironment & SingleStore> {
  const start = Date.now();
  const recording = await recordTexts([...storm, ...others]);
  const recorded = (texts: readonly string[]) => texts.map((text) => recordedText(recording, text));
  assertStorm(recorded(storm), recorded(others), DEFAULT_BROKER_OPTIONS.storm);
  print(
    `${recording.texts.size} texts read by ${recording.embedder.name} in ${((Date.now() - start) / 1000).toFixed(1)} s`,
  );
  const store = await startProofStore(cleanUp);
  return { ...store, url: store.redis.url, recording };
}

/** How the runs of a part are made. */
export interface PartRuns {
  readonly what: string;
  /** Unless the command line gives a number. */
  readonly standardRuns: number;
  /** Runs at the same time. */
  readonly atOnce: number;
  readonly run: (seed: number) => Promise<RunOutcome>;
  /** A line of progress after a run. */
  readonly lineAfter: (outcome: RunOutcome, done: number, runs: number) => string | undefined;
}

/** Makes the runs of a part, and adds what only the whole history of the store shows. */
export async function provePart(
  { runs: given, seed, print }: PartSetup,
  { redis }: SingleStore,
  { what, standardRuns, atOnce, run, lineAfter }: PartRuns,
): Promise<PartResult> {
  const startedAt = Date.now();
  const runs = given ?? standardRuns;
  const outcomes: RunOutcome[] = [];
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  await inFlight(seeds, atOnce, async (one) => {
    const outcome = await run(one);
    const line = lineAfter(outcome, outcomes.push(outcome), runs);
    if (line !== undefined) print(line);
  });
  outcomes.sort((a, b) => a.seed - b.seed);
  const history = await readWriteHistory(redis);
  const lives = outcomes.flatMap(({ prefix }) => [...history.domain(prefix).tickets.values()]);
  return {
    what,
    outcomes: outcomes.map((outcome) => ({
      ...outcome,
      faults: [...outcome.faults, ...historyFaults(history.domain(outcome.prefix), outcome.mayWait)],
    })),
    requeued: sum(lives.map(({ stalls }) => stalls)),
    released: lives.filter((life) => timesReleased(life) > 0).length,
    seconds: (Date.now() - startedAt) / 1000,
  };
}

/** Progress after every fiftieth run. */
export function everyFifty(what: string): PartRuns['lineAfter'] {
  return (_outcome, done, runs) => (done % 50 === 0 ? `${what}: ${done} of ${runs}` : undefined);
}

/** What a run on a domain is made of. */
export interface DomainRun {
  readonly prefix: string;
  readonly plan: RunPlan;
  readonly workers: number;
  /** Slots of all agents. */
  readonly capacity: number;
  /** In the order of their offering; the ids of similar ones begin with `alike`. */
  readonly tickets: readonly ProofTicket[];
  /** Whether a ticket may be put in line more than once. */
  readonly mayWait?: boolean;
}

/** What a proof on a domain works with. */
export interface OpenedRun {
  readonly domain: ProofDomain;
  readonly ids: readonly string[];
  readonly offered: OfferedTickets;
  /** Reads the state of the domain, which becomes evidence if anything is wrong. */
  readonly readState: () => Promise<ProofState>;
}

/** Makes a run on a domain of its own. @param prove - returns what is wrong */
export async function runOnDomain(
  environment: ProofEnvironment,
  { prefix, plan, workers, capacity, tickets, mayWait = false }: DomainRun,
  prove: (run: OpenedRun) => Promise<readonly string[]>,
): Promise<RunOutcome> {
  const agents = agentsWith(capacity);
  const agentIds = agents.map(({ id }) => id);
  const ids = tickets.map(({ id }) => id);
  const offered = offeredOf(ids);
  const domain = await ProofDomain.open(environment, { prefix, plan, workers, agents, tickets: ids.length });
  const states: ProofState[] = [];
  try {
    const faults = await prove({
      ...{ domain, ids, offered },
      readState: async () => {
        const state = await readState(domain.reader, agentIds, ids);
        states.push(state);
        return state;
      },
    });
    const { lostWorker, lostTickets, changedCount: changed } = domain;
    const last = states.at(-1);
    return {
      ...{ seed: plan.seed, prefix, lostWorker, lostTickets, changed, mayWait, faults },
      late: last ? arrivedLate(last, offered) : 0,
      ...(faults.length > 0 ? { evidence: states } : {}),
    };
  } finally {
    await domain.close();
  }
}

/** The tickets of a run, by whether their ids say that they are similar. */
export function offeredOf(ids: readonly string[]): OfferedTickets {
  return { alike: ids.filter((id) => id.includes('alike-')), others: ids.filter((id) => id.includes('other-')) };
}

/** Three agents who can work on everything. @param capacity - of all of them */
export function agentsWith(capacity: number): AgentProfile[] {
  const share = Math.floor(capacity / 3);
  return ['abel', 'bina', 'cleo'].map((id, index) => ({
    id,
    name: id,
    skills: { Billing: 0.9 - 0.1 * index, Technical: 0.7 + 0.1 * index, Legal: 0.8 },
    capacity: index === 0 ? capacity - 2 * share : share,
    status: 'available',
  }));
}
