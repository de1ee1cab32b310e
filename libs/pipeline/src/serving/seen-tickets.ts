import type { Clock } from '@smart-support/contracts';
import type { OfferedTicket } from '../offered-ticket';

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

/**
 * Remembers where tickets went, by id, by `Idempotency-Key` and, for a short time, by their key of duplicates, from the moment at which they set out. While one broker cannot be asked,
 * it alone knows that a ticket which comes again must not be started anew with the other. The latest are kept, up to a bound.
 */
export class SeenTickets {
  private readonly traces = new Map<string, Trace>();
  /** One iterator for good: a new one would pass every deleted entry again, which takes longer than all the rest. */
  private oldestFirst = this.traces.keys();

  /**
   * @param duplicateMs - for how long a key of duplicates names a ticket; 0: never
   * @param most - names of tickets to remember
   */
  constructor(
    private readonly clock: Clock,
    private readonly duplicateMs: number,
    private readonly most = 100_000,
  ) {}

  /** Where a ticket that is offered went before, if that is known. */
  find(offered: OfferedTicket): Seen | undefined {
    const name = nameOf(offered);
    return name === undefined ? undefined : this.trace(name);
  }

  /** Notes that a ticket is about to go somewhere; whoever sends it tells the visit how that went. */
  visit(offered: OfferedTicket, ticketId: string, place: Place): Visit {
    const sent = idName(ticketId);
    const name = nameOf(offered) ?? sent;
    const known = this.trace(name);
    const since = known?.since ?? this.clock.monotonic();
    const trace = known?.place === place ? known : new Trace(place, ticketId, since);
    trace.asked += 1;
    this.keep(name, trace);
    if (name !== sent) this.keep(sent, trace);
    return {
      taken: (takenAs) => {
        trace.asked -= 1;
        trace.isSure = true;
        trace.ticketId = takenAs;
        // It was known under an older id.
        if (takenAs !== ticketId) this.drop(sent, trace);
        for (const known of [name, idName(takenAs)]) {
          if (this.traces.get(known) !== trace) this.keep(known, trace);
        }
      },
      refused: () => {
        trace.asked -= 1;
        if (trace.isAsked || trace.isSure || trace.isLost) return;
        this.drop(name, trace);
        this.drop(sent, trace);
      },
      lost: () => {
        trace.asked -= 1;
        trace.isLost = true;
      },
    };
  }

  /** Notes that the shared broker has a ticket now that was routed in this process. */
  moved(ticketId: string): void {
    const trace = this.traces.get(idName(ticketId));
    if (!trace) return;
    trace.place = 'shared';
    trace.isSure = true;
  }

  private trace(name: string): Trace | undefined {
    const trace = this.traces.get(name);
    if (!trace || !name.startsWith(DUPLICATE)) return trace;
    return this.clock.monotonic() - trace.since < this.duplicateMs ? trace : undefined;
  }

  private keep(name: string, trace: Trace): void {
    // The latest stands last.
    this.traces.delete(name);
    this.traces.set(name, trace);
    while (this.traces.size > this.most) this.traces.delete(this.nextOldest());
  }

  /** The name that was kept longest ago. What the iterator has passed is gone, so it goes on where it stopped. */
  private nextOldest(): string {
    let next = this.oldestFirst.next();
    if (next.done) {
      this.oldestFirst = this.traces.keys();
      next = this.oldestFirst.next();
    }
    return next.value ?? '';
  }

  private drop(name: string, trace: Trace): void {
    if (this.traces.get(name) === trace) this.traces.delete(name);
  }
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
