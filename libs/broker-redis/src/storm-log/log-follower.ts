import { SmartSupportError, type StormRules, type StormVerdict, isSmartSupportError } from '@smart-support/contracts';
import {
  type IncidentChange,
  type KnownIncidents,
  StormDetector,
  type StormEntry,
  type StormSnapshot,
  type CommonMatters,
  entryToJson,
  verdictWithDoubts,
  withDoubts,
} from '@smart-support/storm';
import type { LuaCommands, LuaReply } from '../commands/lua-commands';
import { list, named, text } from '../commands/replies';
import { PAGE, entriesIn, isUpTo } from './log-pages';
import { SnapshotStore, type StoredSnapshot } from './snapshot-store';

/** How often a log that is trimmed while it is being read is begun anew, before somebody is told. */
const MOST_LOADS = 5;

/** Acts on what the log came to. May be called twice for one change. */
type ActOnChange = (change: IncidentChange) => Promise<void>;

/**
 * Follows the storm log, and so knows what everybody else knows who follows it. Begins with the latest snapshot; whoever fell behind what was
 * trimmed since, or finds that the store has lost what it remembers, begins anew.
 */
export class LogFollower implements KnownIncidents {
  private detector: StormDetector;
  /** The entry up to which the log was read; '' before the first, `undefined` before the log was looked at. */
  private last: string | undefined;
  /** Changes that were not acted upon yet, in their order. */
  private readonly due: IncidentChange[] = [];
  /** One page after the other. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly snapshots: SnapshotStore;
  /** The rules that this reader was started with, as an entry of the log. */
  readonly rulesEntry: string;

  constructor(
    private readonly lua: LuaCommands,
    private readonly ownRules: StormRules,
    private readonly act: ActOnChange,
  ) {
    this.detector = new StormDetector(ownRules);
    this.snapshots = new SnapshotStore(lua);
    this.rulesEntry = entryToJson({ kind: 'rules', rules: ownRules });
  }

  /** The rules in force by the log: of whoever was started last. */
  get rules(): StormRules {
    return this.detector.rulesInForce;
  }

  /** See {@link StormDetector.commonMatters}. */
  get usualMatters(): CommonMatters | null {
    return this.detector.commonMatters;
  }

  /** See {@link StormDetector.largeSuspicions}. */
  largeSuspicions(which: 'all' | 'failures'): string[] {
    return this.detector.largeSuspicions(which);
  }

  /** The entry up to which the log was read; '' if none was. */
  get position(): string {
    return this.last ?? '';
  }

  /** Whether time passing may change something though nothing is written. */
  get isWaiting(): boolean {
    return this.detector.isWaiting;
  }

  /** Whether an incident has a ticket. */
  isMember(ticketId: string): boolean {
    return this.detector.isMember(ticketId);
  }

  /** Whether the entry of a ticket still counts: see {@link StormDetector.isKnown}. */
  isKnown(ticketId: string): boolean {
    return this.detector.isKnown(ticketId);
  }

  /** The suspected incident that has a ticket; `null` if none has. */
  suspicionOf(ticketId: string): string | null {
    return this.detector.suspicionOf(ticketId);
  }

  /** Whether an incident has a ticket, or one that was rejected would have it. */
  isSpokenFor(ticketId: string): boolean {
    return this.detector.isSpokenFor(ticketId);
  }

  /** Looks at the log for the first time, or does nothing. */
  async begin(): Promise<void> {
    if (this.last !== undefined) return;
    await this.inTurn(async () => {
      // Another call may have had its turn before.
      if (this.last === undefined) await this.load();
    });
  }

  /**
   * Takes in a page that a command told, reads on to the end of the log, acts on what it came to, and says what holds then of some tickets.
   * @throws SmartSupportError as the store does: then everything is as if it had not been asked, but for what was acted upon
   */
  async takeIn(page: LuaReply | undefined, ticketIds: readonly string[] = []): Promise<StormVerdict[]> {
    return this.inTurn(async () => {
      if (this.last === undefined) await this.load();
      let next = page;
      while (next !== undefined) next = await this.takePage(next);
      await this.actOnChanges();
      // Before the next page: a verdict must not rely on what was not acted upon.
      return ticketIds.map((ticketId) => verdictWithDoubts(this.detector, ticketId));
    });
  }

  /** Acts once more on an incident that is open, as if it had just opened; `false` if it is not, or not any more. */
  async actAgain(incidentId: string): Promise<boolean> {
    return this.inTurn(async () => {
      const change = this.detector.describe(incidentId);
      if (change) await this.act(withDoubts(change, this.detector));
      return change !== undefined;
    });
  }

  /** Reads to the end of the log. */
  async follow(): Promise<void> {
    await this.begin();
    await this.takeIn(await this.lua.run('storms/read-entries', { last: this.position, limit: PAGE }));
  }

  /** Keeps what is known now, so that others need not read the whole log, and lets entries go that nobody needs any more. */
  async save(): Promise<void> {
    const taken = await this.inTurn(async () => {
      await this.actOnChanges();
      return { last: this.last, snapshot: this.detector.snapshot() };
    });
    // Verdicts do not wait until it is written.
    if (taken.last) await this.snapshots.save(taken.last, taken.snapshot);
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Begins, or begins anew. Only the first time its own rules are put in force: since then somebody may have been started with others. */
  private async load(): Promise<void> {
    if (this.last === undefined) await this.lua.run('storms/write-rules', { entry: this.rulesEntry });
    for (let tries = 1; tries <= MOST_LOADS; tries += 1) {
      // A snapshot that nobody can go on from must not keep everybody from beginning: what the log has left is better than nothing.
      if (await this.tryToLoad(tries < MOST_LOADS)) return this.actOnChanges();
    }
    throw new SmartSupportError('unavailable', 'The log of storms is trimmed faster than it can be read');
  }

  /** Whether that worked: not if the log was trimmed in the meantime. */
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
    this.detector = detector;
    this.last = last === '' ? snapshotAt : last;
    for (const entry of after) this.apply(entry);
    return true;
  }

  /** Incidents that have ended since are not opened once more: their tickets may be gone, and nobody would end them again. */
  private leaveOutWhatIsOver(): void {
    const { incidents } = this.detector;
    const stands = this.due.filter((change) => {
      const status = incidents.get(change.incident_id)?.status ?? 'gone';
      return isOver(status) === isOver(change.status);
    });
    this.due.splice(0, this.due.length, ...stands);
  }

  /** The latest snapshot; `null` if there is none, `undefined` if it cannot be read. */
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

  /** Applies a page; the next one, if there is more to read. */
  private async takePage(page: LuaReply): Promise<LuaReply | undefined> {
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
    for (const change of this.detector.apply(entry).changes) this.due.push(withDoubts(change, this.detector));
  }

  private async actOnChanges(): Promise<void> {
    this.leaveOutWhatIsOver();
    for (let next = this.due[0]; next; next = this.due[0]) {
      try {
        await this.act(next);
      } catch (error) {
        // What is kept of one incident is corrupt: no reason to hold up everybody else. Whoever needs it is told by its own command.
        if (!isSmartSupportError(error, 'corrupt')) throw error;
      }
      this.due.shift();
    }
  }
}

function isOver(status: IncidentChange['status']): boolean {
  return status === 'resolved' || status === 'rejected' || status === 'gone';
}
