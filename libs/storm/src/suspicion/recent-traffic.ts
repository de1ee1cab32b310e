import { burstProbability } from '../window/burst-probability';
import { MINUTE_MS, MONTH_MS, isLowTraffic } from '../window/low-traffic';
import { ReferenceSample, type ReferenceTicket } from './reference-sample';

/** A ticket with its place in the log's time. */
export interface RecentTicket extends ReferenceTicket {
  /** When its entry was written, in milliseconds since 1970. */
  readonly loggedMs: number;
}

/** The latest tickets are all kept, up to so many. */
const MOST_LATEST = 2_000;

/** Of those before them, back to one hour, a sample of so many. */
const SAMPLE_SIZE = 8_000;
const HOUR_MS = 3_600_000;

/** The tickets of the last hour: the latest ones, among which a burst is looked for, and a sample of those before, which tell what came already. */
export class RecentTraffic<Ticket extends RecentTicket> {
  /** In the order of the log. */
  private readonly latest: Ticket[] = [];
  private readonly sample = new ReferenceSample<Ticket>(SAMPLE_SIZE, { youngestMs: 0, oldestMs: HOUR_MS });

  /** The latest tickets that were logged within a span up to a moment, in the order of the log; good until the next call of this class. */
  within(spanMs: number, nowMs: number): readonly Ticket[] {
    // By the log's clock: one that was received long ago must not drive out those of now.
    while (this.latest[0] && nowMs - this.latest[0].loggedMs > spanMs) this.latest.shift();
    return this.latest;
  }

  /** All that is kept; a ticket may come twice. */
  get tickets(): readonly Ticket[] {
    return [...this.sample.tickets, ...this.latest];
  }

  /** Takes note of a ticket, in the order of the log. */
  add(ticket: Ticket): void {
    this.latest.push(ticket);
    if (this.latest.length > MOST_LATEST) this.latest.shift();
    this.sample.add(ticket);
  }

  /** What is known of the last hour and can be compared with the newest ticket, which is left out; in the order of the log. */
  sequence(newest: Ticket, nowMs: number, groupOf: (ticket: Ticket) => string): readonly Ticket[] {
    const begin = this.latest[0]?.loggedMs ?? nowMs;
    const before = this.sample.at(nowMs).filter(({ loggedMs }) => loggedMs < begin);
    before.sort((a, b) => a.loggedMs - b.loggedMs);
    const group = groupOf(newest);
    return [...before, ...this.latest].filter((ticket) => ticket !== newest && groupOf(ticket) === group);
  }

  /**
   * Whether so few tickets come that nothing can be said about what comes usually.
   * @param sequence - tickets of the last hour, as {@link sequence} gives them, or some of those
   * @param similar - how many of the latest ones are similar to the newest, and may be a burst
   */
  isQuiet(sequence: readonly Ticket[], similar: number, nowMs: number): boolean {
    const beginMs = this.latest[0]?.loggedMs ?? nowMs;
    const latest = sequence.filter(({ loggedMs }) => loggedMs >= beginMs).length;
    return isLowTraffic(sequence.length, latest - similar, nowMs - beginMs);
  }

  /** How many tickets a month brings that goes on as the latest minutes. */
  ticketsAMonth(nowMs: number): number {
    const [first] = this.latest;
    return first ? (this.latest.length * MONTH_MS) / Math.max(MINUTE_MS, nowMs - first.loggedMs) : 0;
  }
}

/**
 * How probable it is that similar tickets come so late in a sequence by chance.
 * @param sequence - tickets in the order of the log, the newest one not among them
 * @param isSimilar - which of them are similar to it
 * @param fewest - a burst has so many of them at least
 * @returns a probability, in [0, 1]
 */
export function chanceOfBurst<Ticket>(
  sequence: readonly Ticket[],
  isSimilar: (ticket: Ticket) => boolean,
  fewest: number,
): number {
  const places = sequence.flatMap((ticket, place) => (isSimilar(ticket) ? [place] : []));
  return burstProbability(places, sequence.length, fewest);
}
