import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';
import { randomFrom } from '../../../train/random';
import type { Agents } from '../../harness/agents';
import type { CleanUp } from '../../harness/clean-up';
import { TestEnvironment } from '../../harness/environment';
import type { HttpClient } from '../../harness/http-client';
import { startSingleStore } from '../../harness/store/start-store';
import { StoreReader } from '../../harness/store-reader';
import { ROSTER, WORK_MS } from './roster';
import { CHANGED_ENVIRONMENT } from './settings';

/** Workers at any time, except in the moments after a kill. */
const WORKERS = 2;
/** Share of the webhooks of which the receiver refuses the first try. */
const REFUSED_SHARE = 0.05;

/** What a simulated day works with. */
export interface DayEnvironment {
  readonly environment: TestEnvironment;
  readonly redis: RedisServer;
  readonly reader: StoreReader;
  readonly agents: Agents;
  readonly customers: HttpClient;
  /** Operators and the recorder. */
  readonly operators: HttpClient;
  /** Absolute path of the file that injects faults. */
  readonly faultsFile: string;
}

/** How the environment is set up. */
export interface EnvironmentSetup {
  readonly seed: number;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the directory for logs, roster and faults. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/** Starts Redis, the apps and the agents. */
export async function startDayEnvironment({
  seed,
  root,
  directory,
  cleanUp,
}: EnvironmentSetup): Promise<DayEnvironment> {
  // Not the sequence that the day is planned from.
  const random = randomFrom((seed ^ 0x51ed270b) >>> 0);
  const { redis, ownRedis } = await startSingleStore(cleanUp);
  const faultsFile = join(directory, 'faults.json');
  rmSync(faultsFile, { force: true });
  const environment = await TestEnvironment.start({
    ...{ root, directory, cleanUp, redisUrl: redis.url, workers: WORKERS, roster: ROSTER },
    behaviourFor: (tries) => (tries === 0 && random() < REFUSED_SHARE ? 'error' : 'friendly'),
    settings: {
      ...CHANGED_ENVIRONMENT,
      ALLOW_FAULT_INJECTION: '1',
      FAULT_INJECTION_FILE: faultsFile,
      // The report is drawn from every change of a ticket's status.
      LOG_LEVEL: 'debug',
    },
  });
  const reader = new StoreReader(ownRedis);
  const agents = environment.startAgents(ROSTER, reader, {
    workMs: () => WORK_MS.shortest + random() * (WORK_MS.longest - WORK_MS.shortest),
    twiceShare: 0,
    correctedShare: 0.1,
    random,
  });
  const [customers, operators] = [environment.connect(64), environment.connect(16)];
  return { environment, redis, reader, agents, customers, operators, faultsFile };
}
