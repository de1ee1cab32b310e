import { burstProbability } from '../statistics/burst-probability';
import { MINUTE_MS, MONTH_MS, isLowTraffic } from '../statistics/low-traffic';
import { ReferenceSample, type ReferenceTicket } from './reference-sample';

/** A ticket with the time of its log entry. */
export interface RecentTicket extends ReferenceTicket {
  /** When its entry was written, in milliseconds since 1970. */
  readonly loggedMs: number;
}

/** Most of the latest tickets that are all kept. */
const MOST_LATEST = 2_000;

/** Size of the sample of the tickets before those, back to one hour. */
const SAMPLE_SIZE = 8_000;
const HOUR_MS = 3_600_000;

/** The tickets of the last hour: the latest, which a burst is looked for in, and a sample of those before, which the burst is compared with. */
export class RecentTraffic<Ticket extends RecentTicket> {
  /** In the order of the log. */
  private readonly latest: Ticket[] = [];
  private readonly sample = new ReferenceSample<Ticket>(SAMPLE_SIZE, { youngestMs: 0, oldestMs: HOUR_MS });

  /** The latest tickets that were logged within a span before a moment, in the order of the log; valid until the next call. */
  latestWithin(spanMs: number, nowMs: number): readonly Ticket[] {
    // By the time of the entry: a ticket that was received long ago must not remove current ones.
    while (this.latest[0] && nowMs - this.latest[0].loggedMs > spanMs) this.latest.shift();
    return this.latest;
  }

  /** All kept tickets; some occur twice. */
  get tickets(): readonly Ticket[] {
    return [...this.sample.tickets, ...this.latest];
  }

  /** Adds a ticket, in the order of the log. */
  addTicket(ticket: Ticket): void {
    this.latest.push(ticket);
    if (this.latest.length > MOST_LATEST) this.latest.shift();
    this.sample.addTicket(ticket);
  }

  /** Known tickets of the last hour that can be compared with the newest one, without that; in the order of the log. */
  sequence(newest: Ticket, nowMs: number, groupOf: (ticket: Ticket) => string): readonly Ticket[] {
    const begin = this.latest[0]?.loggedMs ?? nowMs;
    const before = this.sample.sampleAt(nowMs).filter(({ loggedMs }) => loggedMs < begin);
    before.sort((a, b) => a.loggedMs - b.loggedMs);
    const group = groupOf(newest);
    return [...before, ...this.latest].filter((ticket) => ticket !== newest && groupOf(ticket) === group);
  }

  /**
   * Whether traffic is too low to know a rate, see {@link isLowTraffic}.
   * @param sequence - tickets of the last hour by {@link sequence}, or some of them
   * @param similar - how many of the latest tickets may be a burst with the newest
   */
  isLowTraffic(sequence: readonly Ticket[], similar: number, nowMs: number): boolean {
    const beginMs = this.latest[0]?.loggedMs ?? nowMs;
    const latest = sequence.filter(({ loggedMs }) => loggedMs >= beginMs).length;
    return isLowTraffic(sequence.length, latest - similar, nowMs - beginMs);
  }

  /** Tickets a month at the rate of the latest minutes. */
  ticketsPerMonth(nowMs: number): number {
    const [first] = this.latest;
    return first ? (this.latest.length * MONTH_MS) / Math.max(MINUTE_MS, nowMs - first.loggedMs) : 0;
  }
}

/**
 * Probability that similar tickets stand so late in a sequence by chance.
 * @param sequence - tickets in the order of the log, without the newest one
 * @param isSimilar - whether one of them is similar to the newest
 * @param fewest - least number of similar tickets in a burst
 * @returns in [0, 1]
 */
export function probabilityOfBurst<Ticket>(
  sequence: readonly Ticket[],
  isSimilar: (ticket: Ticket) => boolean,
  fewest: number,
): number {
  const places = sequence.flatMap((ticket, place) => (isSimilar(ticket) ? [place] : []));
  return burstProbability(places, sequence.length, fewest);
}
