import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { readSampleTexts } from '../../../bench/sample-tickets';
import { randomFrom } from '../../../train/random';
import { allPass, runAudits } from '../../audit/finding';
import { gatherEvidence } from '../../audit/gather-evidence';
import { INCIDENT_AUDITS } from '../../audit/incident-audits';
import { stormOfTicket } from '../../audit/planted-storm';
import { PLANTED_STORM_AUDITS } from '../../audit/planted-storm-audits';
import { TICKET_AUDITS } from '../../audit/ticket-audits';
import { AOF_DIRECTORY } from '../../harness/history/append-only-file';
import { Ledger } from '../../harness/ledger';
import { Progress } from '../../harness/progress';
import type { StoreOptions } from '../../harness/store/start-store';
import { waitUntilIdle } from '../../harness/wait-until-idle';
import { type ChaosEnvironment, type ChaosSetup, startChaosEnvironment } from './environment';
import { numbersOf } from './numbers';
import { CHAOS_ROSTER } from './roster';
import type { RunReport } from './run-report';
import { STORM_RULES } from './storm-settings';
import { Operators } from './traffic/operators';
import { type PlannedRequest, insertStorms, planRequests } from './traffic/planned-requests';
import { corruptTicket } from './traffic/poison';
import { Sender } from './traffic/sender';
import { type ChaosStorm, REPORTS, planStorms } from './traffic/storms';

/**
 * Requests that may wait to be sent again, for each connection. With fewer, those whose outcome is unknown while Redis is down would keep all others from
 * being sent.
 */
const PENDING_PER_CONNECTION = 10;

const ROSTER_IDS = CHAOS_ROSTER.map(({ id }) => id);
const AUDITS = [...TICKET_AUDITS, ...PLANTED_STORM_AUDITS, ...INCIDENT_AUDITS];

/** How a run starts its environment, and paces its senders. */
export interface ChaosRunOptions extends Pick<StoreOptions, 'redisUp' | 'throughProxy'> {
  /** Whether senders pause while many accepted tickets are not completed, as they are while Redis is down. */
  readonly limitsBacklog: boolean;
}

/** The common part of both acts: environment, ledger, traffic, and the audits at the end. */
export class ChaosRun {
  readonly ledger = new Ledger();
  readonly poison = new Set<string>();
  readonly storms: readonly ChaosStorm[];
  readonly operators: Operators;
  /** Called with the number of tickets sent so far. */
  onSent: (sent: number) => void = () => undefined;
  /** Further text for the line of progress. */
  extraLine: () => string = () => '';
  private isStopped = false;
  private readonly begun = Date.now();
  private readonly sender: Sender;
  private sent = 0;
  private ordinaryAccepted = 0;

  private constructor(
    private readonly setup: ChaosSetup,
    /** What the run works with. */
    readonly parts: ChaosEnvironment,
    readonly progress: Progress,
    limitsBacklog: boolean,
  ) {
    const { options } = setup;
    this.storms = planStorms(options.storms, options.tickets, options.seed);
    this.operators = new Operators(parts.operatorsClient, this.storms);
    const accepted = new Set<string>();
    this.sender = new Sender({
      client: parts.client,
      ledger: this.ledger,
      rate: options.rate,
      mostPending: PENDING_PER_CONNECTION * options.connections,
      backlog: () => (limitsBacklog ? this.ordinaryAccepted - parts.ordinaryCompleted() : 0),
      random: randomFrom((options.seed ^ 0x2545f491) >>> 0),
      onAccepted: ({ id }, { status, ticketStatus }) => {
        if (!accepted.has(id) && stormOfTicket(id) === undefined) this.ordinaryAccepted += 1;
        accepted.add(id);
        // The store does not list it before the handoff.
        if (status === 200 && ticketStatus === 'assigned') parts.agents.workOn(id);
      },
      onSent: (sent) => {
        this.sent = sent;
        this.onSent(sent);
      },
    });
    setup.cleanUp.defer(() => {
      this.isStopped = true;
      this.sender.stop();
      this.operators.stop();
    });
  }

  /** Starts the environment. */
  static async start(setup: ChaosSetup, options: ChaosRunOptions): Promise<ChaosRun> {
    let line = (): string => 'starting Redis, the gateway, the workers and the receiver';
    const progress: Progress = new Progress(() => [`${progress.time()}  ${line()}`]);
    setup.cleanUp.defer(() => progress.stop());
    const parts = await startChaosEnvironment(setup, options);
    const run = new ChaosRun(setup, parts, progress, options.limitsBacklog);
    line = () => run.line();
    return run;
  }

  /** The requests of this run. */
  plannedRequests(): readonly PlannedRequest[] {
    const { options, root } = this.setup;
    const ordinary = planRequests(options.tickets, readSampleTexts(root), options.seed);
    return insertStorms(ordinary, this.storms, options.seed);
  }

  /** Sends requests at the rate until all tickets are accepted; operators end the incidents of the storms among them. */
  sendAll(requests: Iterable<PlannedRequest>): Promise<void> {
    return this.sender.sendAll(this.watched(requests));
  }

  private *watched(requests: Iterable<PlannedRequest>): Iterable<PlannedRequest> {
    const begun = new Set<number>();
    for (const request of requests) {
      const storm = request.storm === undefined ? undefined : this.storms[request.storm];
      if (storm && !begun.has(storm.number)) this.operators.endIncidentsOf(storm);
      if (storm) begun.add(storm.number);
      yield request;
    }
  }

  /** Plants tickets that always fail: each is sent like any other, and corrupted before a worker claims it. */
  async plantPoison(count: number, text: string): Promise<void> {
    const { seed } = this.setup.options;
    for (let tries = 1; this.poison.size < count && !this.isStopped; tries += 1) {
      const id = `poison-${seed}-${tries}`;
      const { status } = await this.parts.client.send('POST', '/ticket', { id, text: `${text}\nRef. ${id}` });
      // One that a worker claimed first is a ticket like any other.
      const isPoison = status === 202 && (await this.corruptForGood(id));
      if (isPoison) this.poison.add(id);
      await new Promise((resolve) => setTimeout(resolve, isPoison ? 1000 : 20));
    }
  }

  /** Corrupts a queued ticket. @returns whether it was still queued, and the change survives a failover */
  private async corruptForGood(id: string): Promise<boolean> {
    const { ownRedis, movingStore } = this.parts.store;
    try {
      if (!(await corruptTicket(ownRedis, id, this.poison.size))) return false;
      return movingStore ? (await ownRedis.wait(1, 1000)) >= 1 : true;
    } catch {
      return false;
    }
  }

  /** Waits until nothing is left to do, then runs the audits. */
  async conclude(rest: Pick<RunReport, 'plan' | 'happened' | 'phases'>): Promise<RunReport> {
    this.progress.printTimed('everything is sent; waiting until nothing is left to do');
    await this.waitUntilIdle();
    await this.operators.finish();
    // What operators ended last has to be settled, too.
    const left = await this.waitUntilIdle();
    if (this.isStopped) throw new Error('Stopped before the end: there is no report.');
    this.progress.printTimed('auditing');
    const { environment, store, reader, agents, client } = this.parts;
    const { history, numbers } = await store.readHistory();
    const evidence = await gatherEvidence({
      ...{ environment, reader, client, agents, history, roster: ROSTER_IDS, ledger: this.ledger, poison: this.poison },
      storms: { planted: this.storms, rules: STORM_RULES, endings: this.operators.endings },
    });
    this.progress.stop();
    const findings = runAudits(evidence, AUDITS);
    const { directory, options } = this.setup;
    // Without replicas to wait for, what a failover loses is counted, not judged.
    const isJudged = options.failovers === 0 || options.waitReplicas > 0;
    const passed = !isJudged || (allPass(findings) && left.size === 0);
    // The life of every ticket, to find the cause.
    if (!passed && store.redis)
      cpSync(join(store.redis.directory, AOF_DIRECTORY), join(directory, AOF_DIRECTORY), { recursive: true });
    return {
      ...{ options, findings, isJudged, passed, left: Object.fromEntries(left) },
      machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.version}`,
      startedAt: new Date(this.begun).toISOString(),
      seconds: (Date.now() - this.begun) / 1000,
      answers: this.ledger.countAnswers(),
      numbers: numbersOf({ evidence, history, ledger: this.ledger, receiver: environment.receiver, numbers }),
      ...rest,
    };
  }

  private waitUntilIdle(): ReturnType<typeof waitUntilIdle> {
    const { environment, agents, reader } = this.parts;
    return waitUntilIdle({
      ...{ workerPool: environment.workerPool, agents },
      left: async () => this.leftOf(await reader.sizes(ROSTER_IDS)),
      isStopped: () => this.isStopped,
      onLeft: (places) => {
        this.extraLine = () => [...places].map(([place, count]) => `${place}: ${count}`).join(', ');
      },
    });
  }

  /** What is not done: everything but dead letters must be empty, and all poison must be among these. */
  private leftOf(sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const left = new Map([...sizes].filter(([name, size]) => name !== 'dead' && size > 0));
    const poisonAlive = this.poison.size - (sizes.get('dead') ?? 0);
    if (poisonAlive > 0) left.set('poison alive', poisonAlive);
    return left;
  }

  private line(): string {
    const { agents, environment } = this.parts;
    return [
      `sent ${this.sent}/${this.setup.options.tickets + this.storms.length * REPORTS}`,
      `accepted ${this.ledger.acceptedCount}`,
      `completed ${agents.completedCount}`,
      `alerts ${environment.receiver.deliveredCount}`,
      `workers ${environment.workerPool.readyCount}`,
      this.extraLine(),
    ]
      .filter((part) => part !== '')
      .join(', ');
  }
}
