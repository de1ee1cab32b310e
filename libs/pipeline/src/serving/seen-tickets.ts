import type { OfferedTicket } from '../pipeline';

/** Which broker was given a ticket: the shared one, or the one in this process. */
export type Place = 'shared' | 'local';

interface Seen {
  readonly place: Place;
  readonly ticketId: string;
}

/**
 * Remembers where tickets went, by id and by `Idempotency-Key`. While one broker cannot be asked, it alone knows that a ticket which
 * comes again must not be started anew with the other. The latest are kept, up to a bound.
 */
export class SeenTickets {
  private readonly seen = new Map<string, Seen>();

  /** @param most - tickets to remember */
  constructor(private readonly most = 100_000) {}

  /** Notes that a ticket went, or may have gone, somewhere. */
  note(offered: OfferedTicket, ticketId: string, place: Place): void {
    for (const name of new Set([`id ${ticketId}`, nameOf(offered)])) {
      if (name === undefined) continue;
      this.seen.delete(name);
      this.seen.set(name, { place, ticketId });
    }
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= this.most) break;
      this.seen.delete(oldest);
    }
  }

  /** Where a ticket that is offered went before, if that is known. */
  find(offered: OfferedTicket): Seen | undefined {
    const name = nameOf(offered);
    return name === undefined ? undefined : this.seen.get(name);
  }
}

/** The client's id wins over its key; a ticket with neither is always new. */
function nameOf({ input, idempotencyKey }: OfferedTicket): string | undefined {
  if (input.id !== undefined && input.id !== null) return `id ${input.id}`;
  return idempotencyKey === undefined ? undefined : `key ${idempotencyKey}`;
}
