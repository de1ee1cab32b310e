import { type StormEntry, entryFromJson } from '@smart-support/storm';
import type { LuaReply } from '../commands/lua-commands';
import { text } from '../commands/replies';

/** Entries read at a time: enough that a late reader catches up quickly, few enough that no command holds up the store. */
export const PAGE = 250;

/** The entries of a page, as Lua tells them: id and JSON of each. One that nobody can read is `undefined`. */
export function* entriesIn(
  page: readonly LuaReply[],
): Generator<{ readonly id: string; readonly entry: StormEntry | undefined }> {
  for (let index = 0; index + 1 < page.length; index += 2) {
    const id = text(page[index]);
    yield { id, entry: entryFromJson(id, Number(id.split('-', 1)[0]), text(page[index + 1])) };
  }
}

/** Whether one id of the log is not after another; nothing is up to ''. */
export function isUpTo(id: string, other: string): boolean {
  if (other === '') return false;
  const [ms = 0, number = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms < otherMs || (ms === otherMs && number <= otherNumber);
}
