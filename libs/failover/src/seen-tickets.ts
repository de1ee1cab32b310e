import type { Clock } from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';

/** Which broker was given a ticket: the shared one, or the one in this process. */
export type Place = 'shared' | 'local';

/** What is known of a ticket that was offered before. */
export interface Seen {
  readonly place: Place;
  readonly ticketId: string;
  /** Whether a broker is being asked about it at this moment. */
  readonly isAsked: boolean;
  /** Whether the broker has said that it has the ticket; otherwise it may have it. */
  readonly isSure: boolean;
}

/** An offer that is on its way to a broker. */
export interface Visit {
  /** The broker has it, under this id. */
  taken(ticketId: string): void;
  /** The broker has surely not got it. */
  refused(): void;
  /** Nobody can tell whether the broker has it. */
  lost(): void;
}

class Trace implements Seen {
  asked = 0;
  isSure = false;
  isLost = false;

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

/** Names of tickets of one trust domain, the latest last. */
class DomainNames {
  readonly traces = new Map<string, Trace>();
  /** One iterator for good: a new one would pass every deleted entry again, which takes longer than all the rest. */
  private oldestFirst = this.traces.keys();

  /** Forgets the name that was kept longest ago. What the iterator has passed is gone, so it goes on where it stopped. */
  dropOldest(): void {
    let next = this.oldestFirst.next();
    if (next.done) {
      this.oldestFirst = this.traces.keys();
      next = this.oldestFirst.next();
    }
    this.traces.delete(next.value ?? '');
  }
}

/**
 * Remembers where tickets went, by id, by `Idempotency-Key` and, for a short time, by their key of duplicates, from the moment at which they set out. While one broker cannot be asked,
 * it alone knows that a ticket which comes again must not be started anew with the other. The latest are kept, up to a bound; beyond it the trust domain with the
 * most names loses its oldest, so that none loses any to another one before it has more than an equal share.
 */
export class SeenTickets {
  /** By trust domain. */
  private readonly domains = new Map<string, DomainNames>();
  private size = 0;

  /**
   * @param duplicateMs - for how long a key of duplicates names a ticket; 0: never
   * @param most - names of tickets to remember, of all trust domains together
   */
  constructor(
    private readonly clock: Clock,
    private readonly duplicateMs: number,
    private readonly most = 100_000,
  ) {}

  /** Where a ticket that is offered went before, if that is known. */
  find(offered: OfferedTicket): Seen | undefined {
    const name = nameOf(offered);
    return name === undefined ? undefined : this.trace(domainOf(offered), name);
  }

  /** Notes that a ticket is about to go somewhere; whoever sends it tells the visit how that went. */
  visit(offered: OfferedTicket, ticketId: string, place: Place): Visit {
    const sent = idName(ticketId);
    const name = nameOf(offered) ?? sent;
    const domain = domainOf(offered);
    const known = this.trace(domain, name);
    const since = known?.since ?? this.clock.monotonic();
    const trace = known?.place === place ? known : new Trace(place, ticketId, since);
    trace.asked += 1;
    this.keep(domain, name, trace);
    if (name !== sent) this.keep(domain, sent, trace);
    return {
      taken: (takenAs) => {
        trace.asked -= 1;
        trace.isSure = true;
        trace.ticketId = takenAs;
        // It was known under an older id.
        if (takenAs !== ticketId) this.drop(domain, sent, trace);
        for (const known of [name, idName(takenAs)]) {
          if (this.domains.get(domain)?.traces.get(known) !== trace) this.keep(domain, known, trace);
        }
      },
      refused: () => {
        trace.asked -= 1;
        if (trace.isAsked || trace.isSure || trace.isLost) return;
        this.drop(domain, name, trace);
        this.drop(domain, sent, trace);
      },
      lost: () => {
        trace.asked -= 1;
        trace.isLost = true;
      },
    };
  }

  /** Notes that the shared broker has a ticket now that was routed in this process. */
  moved(ticketId: string): void {
    // Which domain it is of is not known here; there are as many as an operator has given to keys.
    for (const { traces } of this.domains.values()) {
      const trace = traces.get(idName(ticketId));
      if (!trace) continue;
      trace.place = 'shared';
      trace.isSure = true;
      return;
    }
  }

  private trace(domain: string, name: string): Trace | undefined {
    const trace = this.domains.get(domain)?.traces.get(name);
    if (!trace || !name.startsWith(DUPLICATE)) return trace;
    return this.clock.monotonic() - trace.since < this.duplicateMs ? trace : undefined;
  }

  private keep(domain: string, name: string, trace: Trace): void {
    const names = this.domains.get(domain) ?? new DomainNames();
    this.domains.set(domain, names);
    // The latest stands last.
    if (!names.traces.delete(name)) this.size += 1;
    names.traces.set(name, trace);
    for (; this.size > this.most; this.size -= 1) this.largest(names).dropOldest();
  }

  /** The domain with the most names; of several, rather this one. */
  private largest(names: DomainNames): DomainNames {
    let largest = names;
    for (const other of this.domains.values()) if (other.traces.size > largest.traces.size) largest = other;
    return largest;
  }

  private drop(domain: string, name: string, trace: Trace): void {
    const traces = this.domains.get(domain)?.traces;
    if (traces?.get(name) !== trace) return;
    traces.delete(name);
    this.size -= 1;
  }
}

/** The trust domain that it came from; '' also for none. */
function domainOf({ source }: OfferedTicket): string {
  return source?.domain ?? '';
}

function idName(ticketId: string): string {
  return `id ${ticketId}`;
}

/** Beginning of a name that is a key of duplicates. */
const DUPLICATE = 'duplicate ';

/** The client's id wins over its key, and that over a key of duplicates; a ticket with none of them is always new. */
function nameOf({ input, idempotencyKey, duplicateKey }: OfferedTicket): string | undefined {
  if (input.id !== undefined && input.id !== null) return idName(input.id);
  if (idempotencyKey !== undefined) return `key ${idempotencyKey}`;
  return (duplicateKey ?? null) === null ? undefined : `${DUPLICATE}${duplicateKey}`;
}
