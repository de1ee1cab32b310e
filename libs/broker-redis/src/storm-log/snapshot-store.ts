import { randomUUID } from 'node:crypto';
import { SmartSupportError } from '@smart-support/contracts';
import { type StormSnapshot, snapshotFromParts, snapshotParts } from '@smart-support/storm';
import type { LuaCommands } from '../commands/lua-commands';
import { texts } from '../commands/replies';

/** Parts read in one command: half a megabyte. */
const PARTS_AT_A_TIME = 8;

/** A snapshot of the storm log as the store has it. */
export interface StoredSnapshot {
  /** The entry up to which it speaks. */
  readonly last: string;
  readonly snapshot: StormSnapshot;
}

/**
 * Keeps snapshots of the storm log in parts, each of which is written and read in a command of its own: the store serves others in between, and no command
 * takes longer the more there is. A snapshot counts once all of its parts are there; until then the one before does.
 */
export class SnapshotStore {
  constructor(private readonly lua: LuaCommands) {}

  /**
   * Writes a snapshot, unless a later one is there.
   * @param last - the entry up to which it speaks
   */
  async save(last: string, snapshot: StormSnapshot): Promise<void> {
    const generation = randomUUID();
    let parts = 0;
    for (const part of snapshotParts(snapshot)) {
      await this.lua.run('storms/save-snapshot-part', { generation, number: parts, part });
      parts += 1;
    }
    // What the snapshot names is kept, by whatever rules it came to be named.
    const [oldest = last] = snapshot.arrivals[0] ?? [];
    await this.lua.run('storms/save-snapshot', { last, generation, parts, first_kept: oldest });
  }

  /**
   * The latest snapshot.
   * @returns `null` if there is none, or one of an earlier version
   * @throws SmartSupportError `corrupt` for one that cannot be read, or was replaced meanwhile
   */
  async load(): Promise<StoredSnapshot | null> {
    const [last, generation, count] = texts(await this.lua.run('storms/load-snapshot', {}));
    if (last === undefined || generation === undefined) return null;
    const parts: string[] = [];
    while (parts.length < Number(count)) {
      const most = Math.min(PARTS_AT_A_TIME, Number(count) - parts.length);
      const found = texts(
        await this.lua.run('storms/load-snapshot-parts', { generation, first: parts.length, limit: most }),
      );
      if (found.length === 0) break;
      parts.push(...found);
    }
    if (parts.length < Number(count)) throw new SmartSupportError('corrupt', 'A snapshot of storms lacks a part');
    return { last, snapshot: snapshotFromParts(parts) };
  }
}
