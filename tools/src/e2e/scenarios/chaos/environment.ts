import { randomFrom } from '../../../train/random';
import type { Agents } from '../../harness/agents';
import type { CleanUp } from '../../harness/clean-up';
import { TestEnvironment } from '../../harness/environment';
import type { HttpClient } from '../../harness/http-client';
import { type Store, type StoreOptions, startStore } from '../../harness/store/start-store';
import { StoreReader } from '../../harness/store-reader';
import type { ChaosOptions } from './options';
import { behaviourFor } from './receiver-behaviour';
import { CHAOS_ROSTER } from './roster';
import { STORM_ENVIRONMENT } from './storm-settings';
import { stormOfTicket } from '../../audit/planted-storm';

/** Longest time that an agent takes for a ticket, in milliseconds. */
const LONGEST_WORK_MS = 700;

/** What a run of chaos works with. */
export interface ChaosEnvironment {
  readonly environment: TestEnvironment;
  readonly store: Store;
  readonly reader: StoreReader;
  /** Of senders. */
  readonly client: HttpClient;
  readonly operatorsClient: HttpClient;
  readonly agents: Agents;
  /** Number of tickets completed by agents that are no reports of a storm. */
  readonly ordinaryCompleted: () => number;
}

/** How a run of chaos is set up. */
export interface ChaosSetup {
  readonly options: ChaosOptions;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the directory for everything that is written. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/** Starts Redis, the apps and the agents. */
export async function startChaosEnvironment(
  { options, root, directory, cleanUp }: ChaosSetup,
  { redisUp, throughProxy }: Pick<StoreOptions, 'redisUp' | 'throughProxy'>,
): Promise<ChaosEnvironment> {
  const random = randomFrom((options.seed ^ 0x51ed270b) >>> 0);
  const store = await startStore({ topology: options.topology, redisUp, throughProxy, cleanUp });
  const environment = await TestEnvironment.start({
    ...{ root, directory, cleanUp, redisUrl: store.url, workers: options.workers, waitsForWorkers: redisUp },
    roster: CHAOS_ROSTER,
    behaviourFor: (tries) => behaviourFor(tries, random()),
    settings: {
      ...STORM_ENVIRONMENT,
      REDIS_WAIT_REPLICAS: String(options.waitReplicas),
      LEASE_MS: String(options.leaseMs),
      LOG_LEVEL: 'debug',
    },
  });
  const client = environment.connect(options.connections);
  const operatorsClient = environment.connect(64);
  const reader = new StoreReader(store.ownRedis);
  let ordinary = 0;
  const agents = environment.startAgents(CHAOS_ROSTER, reader, {
    workMs: () => random() * LONGEST_WORK_MS,
    twiceShare: 0.1,
    correctedShare: 0.1,
    random,
    onCompleted: (id) => {
      if (stormOfTicket(id) === undefined) ordinary += 1;
    },
  });
  return { environment, store, reader, client, operatorsClient, agents, ordinaryCompleted: () => ordinary };
}
