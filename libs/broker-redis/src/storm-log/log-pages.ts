import { type StormEntry, entryFromJson } from '@smart-support/storm';
import type { LuaReply } from '../commands/lua-commands';
import { text } from '../commands/replies';

/** Entries of a page: enough to catch up quickly, few enough that no command blocks the store. */
export const PAGE = 250;

/** Decodes the entries of a page, which Lua returns as id and JSON of each. An invalid one is `undefined`. */
export function* entriesIn(
  page: readonly LuaReply[],
): Generator<{ readonly id: string; readonly entry: StormEntry | undefined }> {
  for (let index = 0; index + 1 < page.length; index += 2) {
    const id = text(page[index]);
    yield { id, entry: entryFromJson(id, Number(id.split('-', 1)[0]), text(page[index + 1])) };
  }
}

/** Whether an id of the log is not after another one; `false` for ''. */
export function isUpTo(id: string, other: string): boolean {
  if (other === '') return false;
  const [ms = 0, number = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && number <= otherNumber);
}
