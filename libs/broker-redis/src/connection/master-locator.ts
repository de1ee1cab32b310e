import type { HostAndPort } from '@smart-support/contracts';

/** Finds the one server that takes the writes of a routing domain, where that can change. */
export interface MasterLocator {
  /** Where it is now. @throws Error with the reason why that cannot be said now */
  locate(): Promise<HostAndPort>;
  /**
   * Whether a connection to an address that was located may still be used once it is made: not if another server was announced or suggested
   * meanwhile.
   */
  isCurrent(address: HostAndPort): boolean;
  /** Notes where a server says that the domain is (`host:port`, the host may be empty): the answers of the next second are that. */
  suggest(address: string): void;
  /** Ends every connection of its own. */
  close(): void;
}

/** An address as one text, to compare it by. */
export function addressOf({ host, port }: HostAndPort): string {
  return `${host}:${port}`;
}
