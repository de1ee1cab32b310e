/** The API key that a ticket came with. */
export interface TicketSource {
  /** Name of the key; no secret. */
  readonly key: string;
  /** Name of the trust domain of the key; empty for the unnamed one. */
  readonly domain: string;
}
