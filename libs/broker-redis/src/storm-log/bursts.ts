import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type BrokerOptions, isSmartSupportError } from '@smart-support/contracts';
import {
  type SuspectedBurst,
  BurstDetector,
  type SeedReference,
  type BurstDetectorSnapshot,
  type StormDetector,
  entryToJson,
} from '@smart-support/storm';
import { selfConfirming, suspectedEntry } from '@smart-support/broker/rules';
import type { LuaCommands } from '../commands/lua-commands';
import { texts } from '../commands/replies';
import type { RedisIncidents } from '../incidents';
import type { LogFollower } from './log-follower';
import { isUpTo } from './log-pages';

/** Rounds between two snapshots of the burst detector. */
const ROUNDS_PER_SAVE = 300;

/** Arrivals after which other work of the process gets a turn: a new leader observes a whole window of them. */
const ARRIVALS_PER_TURN = 100;

/**
 * Runs the burst detector in the process that leads, on the arrivals that the log follower has read. Tickets do not wait for it: a burst is found after its
 * tickets were judged.
 */
export class RedisBursts {
  private readonly burstDetector: BurstDetector;
  /** The detector whose arrivals are observed; another one once the follower has reloaded the log. `undefined` before the first round. */
  private observed: StormDetector | undefined;
  /** Number of the arrival that was observed last, see {@link StormDetector.arrivalsAfter}. */
  private lastNumber = 0;
  /** Id of the entry up to which this process has observed the log; '' for none. */
  private lastId = '';
  /** Id of the entry up to which any process has observed the log; '' for none. */
  private seen = '';
  private rounds = 0;

  constructor(
    private readonly lua: LuaCommands,
    private readonly follower: LogFollower,
    private readonly incidents: Pick<RedisIncidents, 'confirm'>,
    private readonly options: BrokerOptions,
    seedReference: SeedReference,
  ) {
    const { storm, bursts } = options;
    const { falseAlarmsPerMonth } = bursts;
    this.burstDetector = new BurstDetector(
      storm.windowMs,
      { falseAlarmsPerMonth, ticketThreshold: storm.ticketThreshold },
      seedReference,
    );
  }

  /** Looks for bursts among the tickets that have arrived since the last round. */
  async lookForBursts(): Promise<void> {
    if (this.options.bursts.mode === 'off') return;
    await this.follower.follow();
    this.burstDetector.adoptRules(this.follower.detector.rulesInForce);
    await this.observeArrivals();
    await this.confirmLarge();
    await this.writeCommonMatters();
    this.rounds += 1;
    if (this.rounds % ROUNDS_PER_SAVE === 0) await this.save();
  }

  private async save(): Promise<void> {
    if (this.lastId === '') return;
    await this.lua.run('storms/save-bursts', {
      last: this.lastId,
      state: JSON.stringify(this.burstDetector.snapshot()),
    });
  }

  private async observeArrivals(): Promise<void> {
    const before = this.lastId;
    do {
      const { detector } = this.follower;
      if (this.observed !== detector) await this.beginWith(detector);
      await this.observeKnown(detector);
    } while (this.observed !== this.follower.detector);
    if (this.lastId === before || this.lastId === '' || isUpTo(this.lastId, this.seen)) return;
    await this.lua.run('storms/save-bursts-position', { last: this.lastId });
    this.seen = this.lastId;
  }

  /** Continues from the snapshot of the former leader, the first time; after a gap in the arrivals, from the own reference. */
  private async beginWith(detector: StormDetector): Promise<void> {
    const [seen = '', last = '', state = ''] = texts(await this.lua.run('storms/load-bursts', {}));
    const isFirst = this.observed === undefined;
    this.seen = seen;
    this.observed = detector;
    this.lastNumber = 0;
    if (!isFirst) return this.burstDetector.forgetRecent();
    if (state === '' || !this.restore(state)) return;
    let arrivals = 0;
    for (const { number, entry } of detector.arrivalsAfter(0)) {
      if (!isUpTo(entry.id, last)) break;
      arrivals += 1;
      if (arrivals % ARRIVALS_PER_TURN === 0) await eventLoopTurn();
      this.lastNumber = number;
      this.burstDetector.recall(entry);
    }
  }

  /** Whether the state could be read. If not, the reference is learnt anew: a corrupt one must not stop every process that leads. */
  private restore(state: string): boolean {
    try {
      this.burstDetector.restore(JSON.parse(state) as BurstDetectorSnapshot);
      return true;
    } catch {
      return false;
    }
  }

  /** Observes the arrivals of a detector up to the latest, or until the follower has replaced the detector. */
  private async observeKnown(detector: StormDetector): Promise<void> {
    let arrivals = 0;
    for (const { number, entry } of detector.arrivalsAfter(this.lastNumber)) {
      arrivals += 1;
      if (arrivals % ARRIVALS_PER_TURN === 0) await eventLoopTurn();
      // Another process has led for so long that arrivals were dropped before they were observed here.
      if (this.lastNumber > 0 && number > this.lastNumber + 1) await this.beginWith(detector);
      if (detector !== this.follower.detector) return;
      this.lastNumber = number;
      // Another leader has tested it already, and a test takes milliseconds: thousands may have arrived since the last snapshot.
      if (isUpTo(entry.id, this.seen)) {
        this.burstDetector.learn(entry, detector);
        continue;
      }
      const burst = this.burstDetector.observe(entry, detector);
      if (burst) await this.writeSuspected(entry.id, burst);
    }
    if (detector === this.follower.detector) this.lastId = this.follower.position;
  }

  private async writeSuspected(entryId: string, burst: SuspectedBurst): Promise<void> {
    await this.lua.run('storms/write-entry', { entry: entryToJson(suspectedEntry(entryId, burst)) });
    // Before the next ticket is observed: it may belong to the same burst.
    await this.follower.follow();
  }

  /** Writes into the log what many tickets of the last days are about. */
  private async writeCommonMatters(): Promise<void> {
    const { rulesInForce, commonMatters } = this.follower.detector;
    const [ms] = this.lastId.split('-', 1);
    const reference = this.burstDetector.surveyCommonMatters(Number(ms), rulesInForce.similarity);
    if (!reference || isDeepStrictEqual(reference, commonMatters)) return;
    await this.lua.run('storms/write-entry', { entry: entryToJson({ kind: 'reference', reference }) });
  }

  private async confirmLarge(): Promise<void> {
    for (const id of selfConfirming(this.options.bursts.mode, this.follower.detector)) {
      await this.incidents.confirm(id).catch((error: unknown) => {
        // Another process has confirmed it, or it has ended.
        if (!isSmartSupportError(error, 'transition_not_allowed') && !isSmartSupportError(error, 'not_found'))
          throw error;
      });
    }
  }
}
