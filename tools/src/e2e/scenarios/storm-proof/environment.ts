import { DEFAULT_BROKER_OPTIONS, type AgentProfile } from '@smart-support/contracts';
import { type RedisServer, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import type { CleanUp } from '../../harness/clean-up';
import { WHOLE_HISTORY, readHistory } from '../../harness/history/append-only-file';
import { DomainHistories } from './audit/domain-histories';
import { assertStorm } from './similarity';
import type { PartResult, RunOutcome } from './run-outcome';
import type { ProofStage } from './proof-domain';
import { type Recording, recordTexts, recordedText } from './recorded-models';

/** What a part is asked to do. */
export interface PartSetup {
  /** How often; by the part's own number if undefined. */
  readonly runs: number | undefined;
  readonly seed: number;
  readonly cleanUp: CleanUp;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/** A Redis server of a part's own that forgets no write. */
export interface ProofServer {
  readonly server: RedisServer;
  readonly redis: Redis;
}

/** Starts Redis. A write need not be on the disk: nobody kills it. */
export async function openServer(cleanUp: CleanUp): Promise<ProofServer> {
  const server = await startRedisServer({ appendOnly: true, args: [...WHOLE_HISTORY, '--appendfsync', 'no'] });
  cleanUp.defer(() => server.stop());
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  cleanUp.defer(() => redis.disconnect());
  return { server, redis };
}

/** The same with texts that the real model has read, once it is sure that they are a storm and others. */
export async function openStage(
  { cleanUp, say }: PartSetup,
  storm: readonly string[],
  others: readonly string[],
): Promise<ProofStage & ProofServer> {
  const start = Date.now();
  const recording = await recordTexts([...storm, ...others]);
  const recorded = (texts: readonly string[]) => texts.map((text) => recordedText(recording, text));
  assertStorm(recorded(storm), recorded(others), DEFAULT_BROKER_OPTIONS.storm);
  say(
    `${recording.texts.size} texts read by ${recording.embedder.name} in ${((Date.now() - start) / 1000).toFixed(1)} s`,
  );
  const { server, redis } = await openServer(cleanUp);
  return { server, redis, url: server.url, recording: recording satisfies Recording };
}

/** Adds what only the whole history of the server shows. */
export async function withHistory(
  what: string,
  { server }: ProofServer,
  outcomes: readonly RunOutcome[],
  startedAt: number,
): Promise<PartResult> {
  const histories = new DomainHistories();
  await readHistory(server.directory, (command) => histories.read(command));
  return {
    what,
    outcomes: outcomes.map((outcome) => ({
      ...outcome,
      faults: [...outcome.faults, ...histories.wrongOf(outcome.prefix, outcome)],
    })),
    cameBack: outcomes.reduce((sum, { prefix }) => sum + histories.stallsOf(prefix), 0),
    released: outcomes.reduce((sum, { prefix }) => sum + histories.releasedOf(prefix), 0),
    seconds: (Date.now() - startedAt) / 1000,
  };
}

/** Three agents who can do everything, with so many slots in all. */
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
