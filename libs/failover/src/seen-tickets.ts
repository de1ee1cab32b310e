import type { Clock } from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';

/** Which broker was offered a ticket: the shared one, or the one in this process. */
export type Place = 'shared' | 'local';

/** What is known of a ticket that was offered before. */
export interface Seen {
  readonly place: Place;
  readonly ticketId: string;
  /** Whether an offer to a broker is in flight. */
  readonly isAsked: boolean;
  /** Whether a broker has confirmed that it has the ticket; otherwise it may have it. */
  readonly isSure: boolean;
}

/** An offer to a broker whose outcome is to be reported here, once. */
export interface TrackedOffer {
  /** The broker has the ticket, under this id. */
  accepted(ticketId: string): void;
  /** The broker does not have the ticket. */
  refused(): void;
  /** The broker may have the ticket. */
  unknown(): void;
}

class SeenTicket implements Seen {
  asked = 0;
  isSure = false;
  isUnknown = false;

  constructor(
    public place: Place,
    public ticketId: string,
    /** When it was first offered, in monotonic milliseconds. */
    readonly since: number,
  ) {}

  get isAsked(): boolean {
    return this.asked > 0;
  }
}

/** Tickets of one trust domain by name, the latest last. */
class DomainNames {
  readonly tickets = new Map<string, SeenTicket>();
  /** One iterator for the life of the map: a new one would step over the slots of all deleted names, tens of microseconds at 100,000 names. */
  private oldestFirst = this.tickets.keys();

  /** Deletes the oldest name. The names that the iterator has passed are deleted, so it continues where it stopped. */
  deleteOldest(): void {
    let next = this.oldestFirst.next();
    if (next.done) {
      this.oldestFirst = this.tickets.keys();
      next = this.oldestFirst.next();
    }
    this.tickets.delete(next.value ?? '');
  }
}

/**
 * Remembers which broker a ticket was offered to, by id, by `Idempotency-Key` and, for a short time, by duplicate key, from the moment of the offer. While that
 * broker is unavailable, only this prevents that a repeat starts the ticket a second time at the other one. Keeps the latest names up to a bound; beyond it the
 * trust domain with the most names loses its oldest, so that no domain pushes out another one's before that has more than an equal share.
 */
export class SeenTickets {
  /** By trust domain. */
  private readonly domains = new Map<string, DomainNames>();
  private size = 0;

  /**
   * @param duplicateMs - milliseconds for which a duplicate key names a ticket; 0: never
   * @param most - names to remember, of all trust domains together
   */
  constructor(
    private readonly clock: Clock,
    private readonly duplicateMs: number,
    private readonly most = 100_000,
  ) {}

  /** Where a ticket was offered before, if that is known. */
  find(offered: OfferedTicket): Seen | undefined {
    const name = nameOf(offered);
    return name === undefined ? undefined : this.seen(domainOf(offered), name);
  }

  /** Records that a ticket is about to be offered to a broker. */
  trackOffer(offered: OfferedTicket, ticketId: string, place: Place): TrackedOffer {
    const offeredId = idName(ticketId);
    const name = nameOf(offered) ?? offeredId;
    const domain = domainOf(offered);
    const known = this.seen(domain, name);
    const since = known?.since ?? this.clock.monotonic();
    const ticket = known?.place === place ? known : new SeenTicket(place, ticketId, since);
    ticket.asked += 1;
    this.keep(domain, name, ticket);
    if (name !== offeredId) this.keep(domain, offeredId, ticket);
    return {
      accepted: (acceptedId) => {
        ticket.asked -= 1;
        ticket.isSure = true;
        ticket.ticketId = acceptedId;
        // The broker knew it under an older id.
        if (acceptedId !== ticketId) this.drop(domain, offeredId, ticket);
        for (const known of [name, idName(acceptedId)]) {
          if (this.domains.get(domain)?.tickets.get(known) !== ticket) this.keep(domain, known, ticket);
        }
      },
      refused: () => {
        ticket.asked -= 1;
        if (ticket.isAsked || ticket.isSure || ticket.isUnknown) return;
        this.drop(domain, name, ticket);
        this.drop(domain, offeredId, ticket);
      },
      unknown: () => {
        ticket.asked -= 1;
        ticket.isUnknown = true;
      },
    };
  }

  /** Records that a ticket of this process was handed over to the shared broker. */
  noteHandoff(ticketId: string): void {
    // Its domain is not known here. There are only as many as the operator has given to keys.
    for (const { tickets } of this.domains.values()) {
      const ticket = tickets.get(idName(ticketId));
      if (!ticket) continue;
      ticket.place = 'shared';
      ticket.isSure = true;
      return;
    }
  }

  private seen(domain: string, name: string): SeenTicket | undefined {
    const ticket = this.domains.get(domain)?.tickets.get(name);
    if (!ticket || !name.startsWith(DUPLICATE)) return ticket;
    return this.clock.monotonic() - ticket.since < this.duplicateMs ? ticket : undefined;
  }

  private keep(domain: string, name: string, ticket: SeenTicket): void {
    const names = this.domains.get(domain) ?? new DomainNames();
    this.domains.set(domain, names);
    // Deleted first, so that it is set as the latest.
    if (!names.tickets.delete(name)) this.size += 1;
    names.tickets.set(name, ticket);
    for (; this.size > this.most; this.size -= 1) this.largest(names).deleteOldest();
  }

  /** The domain with the most names; among equals, the given one if it is one of them. */
  private largest(names: DomainNames): DomainNames {
    let largest = names;
    for (const other of this.domains.values()) if (other.tickets.size > largest.tickets.size) largest = other;
    return largest;
  }

  private drop(domain: string, name: string, ticket: SeenTicket): void {
    const tickets = this.domains.get(domain)?.tickets;
    if (tickets?.get(name) !== ticket) return;
    tickets.delete(name);
    this.size -= 1;
  }
}

/** The trust domain that a ticket came from; '' also for none. */
function domainOf({ source }: OfferedTicket): string {
  return source?.domain ?? '';
}

function idName(ticketId: string): string {
  return `id ${ticketId}`;
}

/** Prefix of a name that is a duplicate key. */
const DUPLICATE = 'duplicate ';

/** The client's id has precedence over its `Idempotency-Key`, and that over a duplicate key; a ticket with none of them is always new. */
function nameOf({ input, idempotencyKey, duplicateKey }: OfferedTicket): string | undefined {
  if (input.id !== undefined && input.id !== null) return idName(input.id);
  if (idempotencyKey !== undefined) return `key ${idempotencyKey}`;
  return (duplicateKey ?? null) === null ? undefined : `${DUPLICATE}${duplicateKey}`;
}
