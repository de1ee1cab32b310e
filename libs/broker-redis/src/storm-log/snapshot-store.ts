import { randomUUID } from 'node:crypto';
import { SmartSupportError } from '@smart-support/contracts';
import { type StormSnapshot, snapshotFromParts, snapshotParts } from '@smart-support/storm';
import type { LuaCommands } from '../commands/lua-commands';
import { texts } from '../commands/replies';

/** Parts that one command reads: half a megabyte. */
const PARTS_AT_A_TIME = 8;

/** A stored snapshot. */
export interface StoredSnapshot {
  /** Id of the last entry that it covers. */
  readonly last: string;
  readonly snapshot: StormSnapshot;
}

/**
 * Stores snapshots of the storm detector in parts, each in a command of its own: the store serves other clients in between, and no command takes longer for a
 * larger snapshot. A snapshot is valid once all of its parts are stored; until then the one before is.
 */
export class SnapshotStore {
  constructor(private readonly lua: LuaCommands) {}

  /**
   * Writes a snapshot, unless there is a later one.
   * @param last - id of the last entry that it covers
   */
  async save(last: string, snapshot: StormSnapshot): Promise<void> {
    const generation = randomUUID();
    let parts = 0;
    for (const part of snapshotParts(snapshot)) {
      await this.lua.run('storms/save-snapshot-part', { generation, number: parts, part });
      parts += 1;
    }
    // The log must keep all entries to which the snapshot refers.
    const [oldest = last] = snapshot.arrivals[0] ?? [];
    await this.lua.run('storms/save-snapshot', { last, generation, parts, first_kept: oldest });
  }

  /**
   * The latest snapshot.
   * @returns `null` for none
   * @throws SmartSupportError `corrupt` for one that is invalid, or was replaced meanwhile
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
    if (parts.length < Number(count))
      throw new SmartSupportError('corrupt', 'A snapshot of the storm log lacks a part');
    return { last, snapshot: snapshotFromParts(parts) };
  }
}
