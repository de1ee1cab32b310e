import { setTimeout as sleep } from 'node:timers/promises';
import {
  type OfferedTickets,
  unsoundness,
  wrongOrder,
  wrongRejection,
  wrongResolution,
  wrongStorm,
} from '../audit/verdict';
import type { DomainState } from '../audit/domain-state';
import { ProofDomain, type ProofStage, type ProofTicket } from '../proof-domain';
import { type PartSetup, agentsWith, openStage, withHistory } from '../environment';
import { planOf } from '../plan';
import { type PartResult, type RunOutcome, makeRuns, seedsFrom } from '../run-outcome';
import { UNRELATED, similarTickets } from '../texts';
import { shuffled } from '../../../../train/random';

const WORKERS = 2;
const STANDARD_RUNS = 6;
const STORM = similarTickets(500);
const CAPACITY = 600;
const CONCURRENCY = 16;
/** An operator who vanishes does so at most so long after having begun to act. */
const LONGEST_ACT_MS = 12;
/** By then whatever an operator who vanished still sent has arrived. */
const ECHO_MS = 200;

/** How an incident ends, and what is wrong then. */
const ENDINGS = {
  reject: {
    atRest: ['assigned', 'waiting'],
    wrong: (state: DomainState, offered: OfferedTickets) => [
      ...wrongRejection(state, offered),
      ...wrongOrder(state, offered),
    ],
  },
  resolve: { atRest: ['assigned', 'completed'], wrong: wrongResolution },
} as const;

/** Incidents of five hundred, rejected and resolved. */
export async function proveFiveHundred(setup: PartSetup): Promise<PartResult[]> {
  const stage = await openStage(setup, STORM, UNRELATED);
  const { runs = STANDARD_RUNS, seed, say } = setup;
  const results: PartResult[] = [];
  for (const ending of ['reject', 'resolve'] as const) {
    const startedAt = Date.now();
    const outcomes = await makeRuns(
      seedsFrom(seed, runs),
      1,
      (one) => runFiveHundred(stage, one, ending),
      ({ seed: one }) => say(`five hundred, ${ending}: seed ${one} done`),
    );
    results.push(await withHistory(`five hundred, ${ending}, ${WORKERS} workers`, stage, outcomes, startedAt));
  }
  return results;
}

async function runFiveHundred(stage: ProofStage, seed: number, ending: keyof typeof ENDINGS): Promise<RunOutcome> {
  const plan = { ...planOf(seed, ending.length), concurrency: CONCURRENCY, gapMs: 0 };
  const prefix = `five-hundred-${ending}-${seed}`;
  const tickets = STORM.map((text, index): ProofTicket => ({ id: `alike-${index}`, text }));
  const ids = tickets.map(({ id }) => id);
  const offered = { alike: ids, others: [] };
  const agents = agentsWith(CAPACITY);
  const domain = await ProofDomain.open(stage, { prefix, plan, workers: WORKERS, agents, tickets: ids.length });
  const stateNow = () =>
    domain.reader.state(
      ids,
      agents.map(({ id }) => id),
    );
  try {
    await domain.offer(shuffled(tickets, plan.random));
    const before = [...(await domain.settled(ids, ['assigned', 'suppressed']))];
    const held = await stateNow();
    before.push(...unsoundness(held, offered, CAPACITY), ...wrongStorm(held, offered));
    const incident = held.incidents.find(({ status }) => status === 'open');
    if (incident)
      await end(domain, incident.id, ending, plan.losesOperator ? LONGEST_ACT_MS * plan.random() : undefined);
    const restless = await domain.settled(ids, ENDINGS[ending].atRest);
    const state = await stateNow();
    const after = [...restless, ...unsoundness(state, offered, CAPACITY), ...ENDINGS[ending].wrong(state, offered)];
    const faults = [
      ...before.map((fault) => `before the end: ${fault}`),
      ...after.map((fault) => `after the end: ${fault}`),
    ];
    const { lostWorker, lostTickets, changedCount: changed } = domain;
    return {
      ...{ seed, prefix, lostWorker, lostTickets, changed, late: 0, mayWait: false, faults },
      ...(faults.length > 0 ? { evidence: { held, state } } : {}),
    };
  } finally {
    await domain.close();
  }
}

/** Ends an incident. @param afterMs - the operator who does so vanishes after so long, if at all */
async function end(
  domain: ProofDomain,
  incidentId: string,
  ending: keyof typeof ENDINGS,
  afterMs: number | undefined,
): Promise<void> {
  if (afterMs === undefined) {
    await domain.broker.incidents[ending](incidentId);
    return;
  }
  const operator = await domain.anotherBroker();
  const acting = operator.incidents[ending](incidentId).catch(() => undefined);
  await sleep(afterMs);
  await operator.close();
  await acting;
  await sleep(ECHO_MS);
  // It vanished before anything was done.
  const found = (await domain.reader.incidents()).find(({ id }) => id === incidentId);
  if (found?.status === 'open') await domain.broker.incidents[ending](incidentId);
}
