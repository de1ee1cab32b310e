import type { HostAndPort } from '@smart-support/contracts';

/** Finds the one server that takes the writes of a routing domain, where that can change. */
export interface MasterLocator {
  /** Where it is now. @throws Error with the reason why that cannot be said now */
  locate(): Promise<HostAndPort>;
  /** Notes where a server says that the domain is (`host:port`, the host may be empty): the next answer is that. */
  suggest(address: string): void;
  /** Ends every connection of its own. */
  close(): void;
}
