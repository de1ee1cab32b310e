import type { SharedBroker } from '@smart-support/contracts';

/** Resolves once the store behind a broker takes writes. */
export function contact(broker: SharedBroker): Promise<void> {
  return new Promise((resolve) => {
    if (broker.availability === 'up') resolve();
    else broker.onAvailability(() => resolve());
  });
}
