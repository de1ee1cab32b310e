import { type BrokerOptions, isSmartSupportError } from '@smart-support/contracts';
import {
  type SuspectedBurst,
  SuspicionWatch,
  type UsualTickets,
  type WatchSnapshot,
  entryToJson,
} from '@smart-support/storm';
import type { LuaCommands } from '../commands/lua-commands';
import { named, texts } from '../commands/replies';
import type { RedisIncidents } from '../redis-incidents';
import type { LogFollower } from './log-follower';
import { PAGE, entriesIn, isUpTo } from './log-pages';

/** What was learnt is kept at most once in so many rounds. */
const ROUNDS_PER_SAVE = 300;

/** Looks for bursts that the rule of storms cannot see: on whoever leads, after the fact, so that no ticket waits for it. */
export class RedisSuspicions {
  private readonly watch: SuspicionWatch;
  /** The entry up to which was watched; `undefined` before the first round. */
  private last: string | undefined;
  private rounds = 0;

  constructor(
    private readonly lua: LuaCommands,
    private readonly follower: LogFollower,
    private readonly incidents: Pick<RedisIncidents, 'confirm'>,
    private readonly options: BrokerOptions,
    usual: UsualTickets,
  ) {
    const { storm, suspicions } = options;
    const { falseAlarmsPerMonth } = suspicions;
    this.watch = new SuspicionWatch(
      storm.windowMs,
      { falseAlarmsPerMonth, ticketThreshold: storm.ticketThreshold },
      usual,
    );
  }

  /** Looks at what was written since the last round. */
  async look(): Promise<void> {
    const { mode } = this.options.suspicions;
    if (mode === 'off') return;
    this.last ??= await this.load();
    await this.watchOn();
    if (mode === 'open') await this.confirmLarge();
    this.rounds += 1;
    if (this.rounds % ROUNDS_PER_SAVE === 0) await this.save();
  }

  /** Keeps what was learnt, for whoever leads next. */
  async save(): Promise<void> {
    if (this.last === undefined || this.last === '') return;
    await this.lua.run('watch-save', this.last, JSON.stringify(this.watch.snapshot()));
  }

  /** Goes on from where whoever led before has stopped. What that had in its window is recalled. */
  private async load(): Promise<string> {
    const [last = '', state] = texts(await this.lua.run('watch-load'));
    if (state === undefined) return '';
    this.watch.restore(JSON.parse(state) as WatchSnapshot);
    let position = '';
    for (;;) {
      const [, ...entries] = named(await this.lua.run('storm-read', position, PAGE));
      if (entries.length === 0) return last;
      for (const { id, entry } of entriesIn(entries)) {
        if (!isUpTo(id, last)) return last;
        position = id;
        if (entry?.kind === 'arrived') this.watch.recall(entry);
      }
    }
  }

  private async watchOn(): Promise<void> {
    for (;;) {
      const [name, ...entries] = named(await this.lua.run('storm-read', this.last ?? '', PAGE));
      // All that is there came after what was trimmed.
      if (name === 'behind') this.last = '';
      else if (entries.length === 0) return;
      for (const { id, entry } of entriesIn(entries)) {
        this.last = id;
        const burst = entry?.kind === 'arrived' ? this.watch.observe(entry, this.follower) : null;
        if (burst) await this.suspect(id, burst);
      }
    }
  }

  private async suspect(entryId: string, { ticketIds, similarity }: SuspectedBurst): Promise<void> {
    // Named after its entry: two that lead at once suspect it once.
    const entry = { kind: 'suspected', incident_id: `incident-${entryId}`, ticket_ids: ticketIds, similarity } as const;
    await this.lua.run('storm-suspect', entryToJson(entry));
    // Before the next ticket is looked at: it may belong to the same.
    await this.follower.follow();
  }

  private async confirmLarge(): Promise<void> {
    for (const id of this.follower.largeSuspicions(this.options.storm.ticketThreshold)) {
      await this.incidents.confirm(id).catch((error: unknown) => {
        // Somebody was quicker.
        if (!isSmartSupportError(error, 'transition_not_allowed') && !isSmartSupportError(error, 'not_found'))
          throw error;
      });
    }
  }
}
