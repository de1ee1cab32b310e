import type { SharedBroker } from '@smart-support/contracts';

/** How long a start waits for the shared store before it begins without. */
const FIRST_CONTACT_MS = 1_000;

/** Resolves at the first contact with the store, or when it has been waited for long enough. */
export async function firstContact(shared: SharedBroker): Promise<void> {
  if (shared.availability === 'up') return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unfollow();
      resolve();
    };
    const timer = setTimeout(done, FIRST_CONTACT_MS);
    const unfollow = shared.onAvailability(done);
  });
}
