import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readSampleTexts } from '../../../bench/sample-tickets';
import { waitUntilIdle } from '../../harness/wait-until-idle';
import type { CleanUp } from '../../harness/clean-up';
import { Ledger } from '../../harness/ledger';
import { randomFrom } from '../../../train/random';
import { AOF_DIRECTORY } from '../../harness/history/append-only-file';
import { gatherEvidence } from './gather-evidence';
import { allPass, runAudits } from '../../audit/ticket-audits';
import { CHAOS_ROSTER } from './roster';
import { type Stage, type StageSetup, openStage } from './environment';
import type { ChaosOptions } from './options';
import { Progress } from './progress';
import type { RunReport } from './run-report';
import { Operators } from './traffic/operators';
import { type PlannedRequest, planRequests, insertStorms } from './traffic/planned-requests';
import { corruptTicket } from './traffic/poison';
import { type PlantedStorm, REPORTS, planStorms, stormOfTicket } from './traffic/storms';
import { Sender } from './traffic/sender';

/** What an act is given. */
export interface ChaosSetup {
  readonly options: ChaosOptions;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Where everything that is written goes. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/**
 * For each connection, so many requests may wait to be sent again. With fewer, those whose fate is unknown while Redis is away would keep
 * all others from being sent.
 */
const SENT_AND_WAITING = 10;

/** How an act wants its stage, and its senders. */
export interface ChaosRunOptions extends Pick<StageSetup, 'redisUp' | 'throughProxy'> {
  /** Whether tickets wait to be sent while many are not completed yet, as they are while Redis is away. */
  readonly holdsBack: boolean;
}

/** What every act needs: the cast on its stage, the ledger, the traffic, and a look at everything in the end. */
export class ChaosRun {
  readonly ledger = new Ledger();
  readonly poison = new Set<string>();
  readonly storms: readonly PlantedStorm[];
  readonly operators: Operators;
  /** Told how many tickets were sent by now. */
  onSent: (sent: number) => void = () => undefined;
  /** Whether the user wants no more of it. */
  isOver = false;
  private readonly begun = Date.now();
  private readonly sender: Sender;
  private sent = 0;
  private ordinaryAccepted = 0;

  private constructor(
    private readonly setup: ChaosSetup,
    readonly stage: Stage,
    readonly progress: Progress,
    holdsBack: boolean,
  ) {
    const { options } = setup;
    this.storms = planStorms(options.storms, options.tickets, options.seed);
    this.operators = new Operators(stage.operatorsClient, this.storms);
    const accepted = new Set<string>();
    this.sender = new Sender({
      client: stage.client,
      ledger: this.ledger,
      rate: options.rate,
      patience: SENT_AND_WAITING * options.connections,
      backlog: () => (holdsBack ? this.ordinaryAccepted - stage.ordinaryCompleted() : 0),
      random: randomFrom((options.seed ^ 0x2545f491) >>> 0),
      onAccepted: ({ id }, { status, ticketStatus }) => {
        if (!accepted.has(id) && stormOfTicket(id) === undefined) this.ordinaryAccepted += 1;
        accepted.add(id);
        // The store will not show it to its agent before it has taken it over.
        if (status === 200 && ticketStatus === 'assigned') stage.agents.workOn(id);
      },
      onSent: (sent) => {
        this.sent = sent;
        this.onSent(sent);
      },
    });
    setup.cleanUp.defer(() => {
      this.isOver = true;
      this.sender.stop();
      this.operators.stop();
    });
  }

  /** Starts everybody. */
  static async start(setup: ChaosSetup, how: ChaosRunOptions): Promise<ChaosRun> {
    let line = (): string => 'starting Redis, the gateway, the workers and the receiver';
    const progress = new Progress(() => line());
    setup.cleanUp.defer(() => progress.end());
    const stage = await openStage({ ...setup, ...how });
    const performance = new ChaosRun(setup, stage, progress, how.holdsBack);
    line = () => performance.line();
    stage.agents.start();
    return performance;
  }

  /** The tickets of this run, packed. */
  parcels(): readonly PlannedRequest[] {
    const { options, root } = this.setup;
    const ordinary = planRequests(options.tickets, readSampleTexts(root), options.seed);
    return insertStorms(ordinary, this.storms, options.seed);
  }

  /** Sends parcels at the rate, until all are accepted; operators begin to look after the storms among them. */
  send(parcels: Iterable<PlannedRequest>): Promise<void> {
    return this.sender.sendAll(this.watched(parcels));
  }

  private *watched(parcels: Iterable<PlannedRequest>): Iterable<PlannedRequest> {
    const begun = new Set<number>();
    for (const parcel of parcels) {
      const storm = parcel.storm === undefined ? undefined : this.storms[parcel.storm];
      if (storm && !begun.has(storm.number)) this.operators.endIncidentsOf(storm);
      if (storm) begun.add(storm.number);
      yield parcel;
    }
  }

  /** Plants tickets that always fail: each is sent as others are, and spoilt before a worker has it in flight. */
  async plantPoison(count: number, text: string): Promise<void> {
    const { client } = this.stage;
    const { seed } = this.setup.options;
    for (let tries = 1; this.poison.size < count && !this.isOver; tries += 1) {
      const id = `poison-${seed}-${tries}`;
      const { status } = await client.send('POST', '/ticket', { id, text: `${text}\nRef. ${id}` });
      // One that a worker took first is a ticket like any other.
      const spoilt = status === 202 && (await this.spoilForGood(id));
      if (spoilt) this.poison.add(id);
      await new Promise((resolve) => setTimeout(resolve, spoilt ? 1000 : 20));
    }
  }

  /** Whether a queued ticket is spoilt, and stays so over a failover. */
  private async spoilForGood(id: string): Promise<boolean> {
    const { ownRedis, movingStore } = this.stage;
    try {
      if (!(await corruptTicket(ownRedis, id, this.poison.size))) return false;
      return movingStore ? (await ownRedis.wait(1, 1000)) >= 1 : true;
    } catch {
      return false;
    }
  }

  /** Waits until nothing is left to do, then looks at everything. */
  async conclude(rest: Pick<RunReport, 'plan' | 'happened' | 'phases'>): Promise<RunReport> {
    this.progress.tell('everything is sent; waiting until nothing is left to do');
    const { workerPool, agents, store } = this.stage;
    const calm = (): ReturnType<typeof waitUntilIdle> =>
      waitUntilIdle({
        workerPool,
        agents,
        left: async () => this.leftOf(await store.sizes(CHAOS_ROSTER.map(({ id }) => id))),
        isOver: () => this.isOver,
        onLeft: (places) =>
          (this.extraLine = () => [...places].map(([place, count]) => `${place}: ${count}`).join(', ')),
      });
    await calm();
    await this.operators.finish();
    // What operators ended at the very last has to be settled, too.
    const left = await calm();
    if (this.isOver) throw new Error('It was ended before its end: there is no report.');
    this.progress.tell('looking at everything');
    const { evidence, numbers } = await gatherEvidence(this);
    this.progress.end();
    const findings = runAudits(evidence);
    // Without replicas to wait for, what a failover loses is counted, not judged.
    const { directory, options } = this.setup;
    const isJudged = options.failovers === 0 || options.waitReplicas > 0;
    const passed = !isJudged || (allPass(findings) && left.size === 0);
    // What every ticket went through: to find out why.
    const { redis } = this.stage;
    if (!passed && redis)
      cpSync(join(redis.directory, AOF_DIRECTORY), join(directory, AOF_DIRECTORY), { recursive: true });
    return {
      options: this.setup.options,
      machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.version}`,
      startedAt: new Date(this.begun).toISOString(),
      seconds: (Date.now() - this.begun) / 1000,
      answers: this.ledger.countAnswers(),
      numbers,
      left: Object.fromEntries(left),
      findings,
      isJudged,
      passed,
      ...rest,
    };
  }

  /** More to show on the line of progress. */
  extraLine: () => string = () => '';

  /** What is not done, if there are so many entries where unfinished tickets stand: all poison is to end among the dead letters. */
  private leftOf(sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const left = new Map([...sizes].filter(([name, size]) => name !== 'dead' && size > 0));
    const poisonAlive = this.poison.size - (sizes.get('dead') ?? 0);
    if (poisonAlive > 0) left.set('poison alive', poisonAlive);
    return left;
  }

  private line(): string {
    const { agents, receiver, workerPool } = this.stage;
    return [
      `sent ${this.sent}/${this.setup.options.tickets + this.storms.length * REPORTS}`,
      `accepted ${this.ledger.acceptedCount}`,
      `completed ${agents.completedCount}`,
      `alerts ${receiver.deliveredCount}`,
      `workers ${workerPool.readyCount}`,
      this.extraLine(),
    ]
      .filter((part) => part !== '')
      .join(', ');
  }
}
