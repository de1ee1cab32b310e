import { eventually } from '../eventually';

/** As {@link eventually}; a failed check counts as not yet. */
export async function waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await eventually(
    what,
    () => isSo().catch((error: unknown) => String(error)),
    (answer) => answer === true,
  );
}
