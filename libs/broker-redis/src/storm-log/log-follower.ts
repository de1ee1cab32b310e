import { SmartSupportError, type StormRules, type StormVerdict, isSmartSupportError } from '@smart-support/contracts';
import {
  type IncidentChange,
  StormDetector,
  type StormEntry,
  type StormSnapshot,
  entryToJson,
  verdictWithDoubts,
  withDoubts,
} from '@smart-support/storm';
import type { LuaCommands, LuaReply } from '../commands/lua-commands';
import { list, named, text } from '../commands/replies';
import { PAGE, entriesIn, isUpTo } from './log-pages';
import { SnapshotStore, type StoredSnapshot } from './snapshot-store';

/** Attempts to load a log that is trimmed while it is read. */
const MOST_LOADS = 5;

/** Acts on a change. May be called twice for the same one. */
type ActOnChange = (change: IncidentChange) => Promise<void>;

/**
 * The one reader of the storm log in a process. Starts with the latest snapshot, and loads the log again if it fell behind the trimmed part, or if the store
 * has lost the entry that it read last.
 */
export class LogFollower {
  private current: StormDetector;
  /** Id of the entry that was read last; '' for an empty log, `undefined` before the log was loaded. */
  private last: string | undefined;
  /** Changes that are still to be acted on, in order. */
  private readonly due: IncidentChange[] = [];
  /** Ends when the current turn ends: pages are applied one after the other. */
  private lastTurn: Promise<unknown> = Promise.resolve();
  private readonly snapshots: SnapshotStore;
  /** The rules of this process as an entry of the log. */
  readonly rulesEntry: string;

  constructor(
    private readonly lua: LuaCommands,
    private readonly ownRules: StormRules,
    private readonly act: ActOnChange,
  ) {
    this.current = new StormDetector(ownRules);
    this.snapshots = new SnapshotStore(lua);
    this.rulesEntry = entryToJson({ kind: 'rules', rules: ownRules });
  }

  /** The state after the entries read so far. Another object after the log was loaded again. */
  get detector(): StormDetector {
    return this.current;
  }

  /** Id of the entry that was read last; '' for none. */
  get position(): string {
    return this.last ?? '';
  }

  /** Loads the log, if it was not loaded yet. */
  async ensureLoaded(): Promise<void> {
    if (this.last !== undefined) return;
    await this.inTurn(async () => {
      // A call before this one may have loaded it.
      if (this.last === undefined) await this.load();
    });
  }

  /**
   * Applies a page that a command returned, reads to the end of the log, and acts on the changes.
   * @returns the verdicts about some tickets after that
   * @throws SmartSupportError as the store does; the next call continues with what is still to be done
   */
  async readPage(page: LuaReply | undefined, ticketIds: readonly string[] = []): Promise<StormVerdict[]> {
    return this.inTurn(async () => {
      if (this.last === undefined) await this.load();
      let next = page;
      while (next !== undefined) next = await this.applyPage(next);
      await this.actOnChanges();
      // Before the next page is applied: a verdict must not depend on changes that were not acted on.
      return ticketIds.map((ticketId) => verdictWithDoubts(this.current, ticketId));
    });
  }

  /** Acts on an open incident again, as if it had just opened. @returns whether it is open */
  async actAgain(incidentId: string): Promise<boolean> {
    return this.inTurn(async () => {
      const change = this.current.describe(incidentId);
      if (change) await this.act(withDoubts(change, this.current));
      return change !== undefined;
    });
  }

  /** Reads to the end of the log. */
  async follow(): Promise<void> {
    await this.ensureLoaded();
    await this.readPage(await this.lua.run('storms/read-entries', { last: this.position, limit: PAGE }));
  }

  /** Stores a snapshot, so that other processes need not read the whole log, and trims entries that no snapshot needs. */
  async saveSnapshot(): Promise<void> {
    const taken = await this.inTurn(async () => {
      await this.actOnChanges();
      return { last: this.last, snapshot: this.current.snapshot() };
    });
    // Outside the turn: verdicts do not wait for it.
    if (taken.last) await this.snapshots.save(taken.last, taken.snapshot);
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.lastTurn.then(work);
    this.lastTurn = mine.catch(() => undefined);
    return mine;
  }

  /** Loads the log. Puts the own rules in force the first time only: a process that started later may have others. */
  private async load(): Promise<void> {
    if (this.last === undefined) await this.lua.run('storms/write-rules', { entry: this.rulesEntry });
    for (let tries = 1; tries <= MOST_LOADS; tries += 1) {
      // At last without the snapshot: an unusable one must not stop every process, and the rest of the log is better than nothing.
      if (await this.tryToLoad(tries < MOST_LOADS)) return this.actOnChanges();
    }
    throw new SmartSupportError('unavailable', 'The storm log is trimmed faster than it can be read');
  }

  /** @returns whether the log was loaded; not if it was trimmed meanwhile, or the snapshot cannot be used */
  private async tryToLoad(withSnapshot: boolean): Promise<boolean> {
    const stored = withSnapshot ? await this.loadSnapshot() : null;
    if (stored === undefined) return false;
    const snapshotAt = stored?.last ?? '';
    const before: StormEntry[] = [];
    const after: StormEntry[] = [];
    let last = '';
    for (;;) {
      const [name, ...entries] = named(await this.lua.run('storms/read-entries', { last, limit: PAGE }));
      if (name === 'behind') return false;
      if (entries.length === 0) break;
      for (const { id, entry } of entriesIn(entries)) {
        last = id;
        if (entry) (isUpTo(id, snapshotAt) ? before : after).push(entry);
      }
    }
    const detector = this.restore(stored?.snapshot, before);
    if (!detector) return false;
    this.current = detector;
    this.last = last === '' ? snapshotAt : last;
    for (const entry of after) this.apply(entry);
    return true;
  }

  /** Drops changes of incidents that have ended since: their tickets may be gone, and no change would end a reopened record. */
  private dropOutdatedChanges(): void {
    const { incidents } = this.current;
    const current = this.due.filter((change) => {
      const status = incidents.get(change.incident_id)?.status ?? 'gone';
      return isOver(status) === isOver(change.status);
    });
    this.due.splice(0, this.due.length, ...current);
  }

  /** The latest snapshot; `null` for none, `undefined` for a corrupt one. */
  private async loadSnapshot(): Promise<StoredSnapshot | null | undefined> {
    try {
      return await this.snapshots.load();
    } catch (error) {
      if (isSmartSupportError(error, 'corrupt')) return undefined;
      throw error;
    }
  }

  private restore(snapshot: StormSnapshot | undefined, before: readonly StormEntry[]): StormDetector | undefined {
    if (snapshot === undefined) return new StormDetector(this.ownRules);
    try {
      return StormDetector.restore(snapshot, before);
    } catch {
      return undefined;
    }
  }

  /** Applies a page. @returns the next one, if there is more to read */
  private async applyPage(page: LuaReply): Promise<LuaReply | undefined> {
    const [name, ...entries] = list(page);
    if (text(name) === 'behind') {
      await this.load();
      return undefined;
    }
    for (const { id, entry } of entriesIn(entries)) {
      if (isUpTo(id, this.position)) continue;
      this.last = id;
      if (entry) this.apply(entry);
    }
    return entries.length < 2 * PAGE
      ? undefined
      : this.lua.run('storms/read-entries', { last: this.position, limit: PAGE });
  }

  private apply(entry: StormEntry): void {
    for (const change of this.current.apply(entry).changes) this.due.push(withDoubts(change, this.current));
  }

  private async actOnChanges(): Promise<void> {
    this.dropOutdatedChanges();
    for (let next = this.due[0]; next; next = this.due[0]) {
      try {
        await this.act(next);
      } catch (error) {
        // The corrupt record of one incident must not stop all others. Commands that need it report it.
        if (!isSmartSupportError(error, 'corrupt')) throw error;
      }
      this.due.shift();
    }
  }
}

function isOver(status: IncidentChange['status']): boolean {
  return status === 'resolved' || status === 'rejected' || status === 'gone';
}
