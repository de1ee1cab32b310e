import { isDeepStrictEqual } from 'node:util';
import { type BrokerOptions, isSmartSupportError } from '@smart-support/contracts';
import {
  type SuspectedBurst,
  BurstDetector,
  type SeedReference,
  type BurstDetectorSnapshot,
  entryToJson,
} from '@smart-support/storm';
import { selfConfirming, suspectedEntry } from '@smart-support/broker/rules';
import type { LuaCommands, LuaReply } from '../commands/lua-commands';
import { named, text, texts } from '../commands/replies';
import type { RedisIncidents } from '../incidents';
import type { LogFollower } from './log-follower';
import { PAGE, entriesIn, isUpTo } from './log-pages';

/** What was learnt is kept at most once in so many rounds. */
const ROUNDS_PER_SAVE = 300;

/** Looks for bursts that the rule of storms cannot see: on whoever leads, after the fact, so that no ticket waits for it. */
export class RedisBursts {
  private readonly watch: BurstDetector;
  /** The entry up to which was watched; `undefined` before the first round. */
  private last: string | undefined;
  /** The entry up to which anybody did. */
  private seen = '';
  private rounds = 0;

  constructor(
    private readonly lua: LuaCommands,
    private readonly follower: LogFollower,
    private readonly incidents: Pick<RedisIncidents, 'confirm'>,
    private readonly options: BrokerOptions,
    usual: SeedReference,
  ) {
    const { storm, bursts } = options;
    const { falseAlarmsPerMonth } = bursts;
    this.watch = new BurstDetector(
      storm.windowMs,
      { falseAlarmsPerMonth, ticketThreshold: storm.ticketThreshold },
      usual,
    );
  }

  /** Looks at what was written since the last round. */
  async look(): Promise<void> {
    const { mode } = this.options.bursts;
    if (mode === 'off') return;
    await this.follower.begin();
    this.watch.adoptRules(this.follower.rules);
    if (this.last === undefined) await this.load();
    await this.watchOn();
    await this.confirmLarge();
    await this.nameUsualMatters();
    this.rounds += 1;
    if (this.rounds % ROUNDS_PER_SAVE === 0) await this.save();
  }

  private async save(): Promise<void> {
    if (this.last === undefined || this.last === '') return;
    await this.lua.run('storms/save-bursts', { last: this.last, state: JSON.stringify(this.watch.snapshot()) });
  }

  /** Goes on from where whoever led before has stopped. What that had in its window is recalled. */
  private async load(): Promise<void> {
    const [seen = '', last = '', state = ''] = texts(await this.lua.run('storms/load-bursts', {}));
    this.seen = seen;
    if (state !== '' && !this.restored(state)) return void (this.last = '');
    let position = '';
    for (;;) {
      const [, ...entries] = named(await this.lua.run('storms/read-entries', { last: position, limit: PAGE }));
      for (const { id, entry } of entriesIn(entries)) {
        if (!isUpTo(id, last)) break;
        position = id;
        if (entry?.kind === 'arrived') this.watch.recall(entry);
      }
      if (entries.length === 0 || position !== idOfLast(entries)) break;
    }
    this.last = last;
  }

  /** Whether that could be read. What is usual can be learnt anew: it must not keep anybody from leading. */
  private restored(state: string): boolean {
    try {
      this.watch.restore(JSON.parse(state) as BurstDetectorSnapshot);
      return true;
    } catch {
      return false;
    }
  }

  private async watchOn(): Promise<void> {
    const before = this.last;
    for (;;) {
      const position = this.last ?? '';
      const [name, ...entries] = named(await this.lua.run('storms/read-entries', { last: position, limit: PAGE }));
      if (name === 'behind') {
        await this.beginAnew();
        continue;
      }
      if (entries.length === 0) break;
      for (const { id, entry } of entriesIn(entries)) {
        if (isUpTo(id, position)) continue;
        this.last = id;
        if (entry?.kind !== 'arrived') continue;
        // What another leader judged was judged as it was then, and judging takes milliseconds: thousands may have come since the last save.
        if (isUpTo(id, this.seen)) {
          this.watch.learn(entry, this.follower);
          continue;
        }
        const burst = this.watch.observe(entry, this.follower);
        if (burst) await this.suspect(id, burst);
      }
      if (this.last === position) this.last = idOfLast(entries);
    }
    if (!this.last || this.last === before || isUpTo(this.last, this.seen)) return;
    await this.lua.run('storms/save-bursts-position', { last: this.last });
    this.seen = this.last;
  }

  /**
   * The log was trimmed, or lost with the store's memory, up to or beyond what was watched last: what it has now is all that there is. Tickets
   * that it lacks count towards nothing.
   */
  private async beginAnew(): Promise<void> {
    this.watch.forgetRecent();
    const [seen = ''] = texts(await this.lua.run('storms/load-bursts', {}));
    this.seen = seen;
    this.last = '';
  }

  private async suspect(entryId: string, burst: SuspectedBurst): Promise<void> {
    await this.lua.run('storms/write-entry', { entry: entryToJson(suspectedEntry(entryId, burst)) });
    // Before the next ticket is looked at: it may belong to the same.
    await this.follower.follow();
  }

  /** Lets the rule of storms know what arrives all the time. */
  private async nameUsualMatters(): Promise<void> {
    const [ms] = (this.last ?? '').split('-', 1);
    const reference = this.watch.usualMatters(Number(ms), this.follower.rules.similarity);
    if (!reference || isDeepStrictEqual(reference, this.follower.usualMatters)) return;
    await this.lua.run('storms/write-entry', { entry: entryToJson({ kind: 'reference', reference }) });
  }

  private async confirmLarge(): Promise<void> {
    for (const id of selfConfirming(this.options.bursts.mode, this.follower)) {
      await this.incidents.confirm(id).catch((error: unknown) => {
        // Somebody was quicker.
        if (!isSmartSupportError(error, 'transition_not_allowed') && !isSmartSupportError(error, 'not_found'))
          throw error;
      });
    }
  }
}

function idOfLast(page: readonly LuaReply[]): string {
  return text(page.at(-2));
}
