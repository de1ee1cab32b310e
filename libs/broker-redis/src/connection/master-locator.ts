import type { HostAndPort } from '@smart-support/contracts';

/** Finds the one server that accepts the writes of a routing domain, if that server can change. */
export interface MasterLocator {
  /** The current address. @throws Error with the reason why it is unknown now */
  locate(): Promise<HostAndPort>;
  /**
   * Whether a connection to a located address may still be used once it is made: not if another server was announced or suggested
   * meanwhile.
   */
  isCurrent(address: HostAndPort): boolean;
  /** Records a redirection by a server (`host:port`, the host may be empty). It is the answer of the next second. */
  suggest(address: string): void;
  /** Closes all connections of the locator. */
  close(): void;
}

/** An address as text, for comparisons. */
export function addressOf({ host, port }: HostAndPort): string {
  return `${host}:${port}`;
}
