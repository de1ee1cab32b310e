import { encodeDense } from '../log/encode-vectors';
import type { CommonMatters } from '../log/storm-entry';
import { cosine } from '../vectors/quantised-vector';
import type { ReferenceTicket } from './reference-sample';

/** Least share of the tickets for a common matter: a rarer one cannot open an incident at its normal rate. */
const LEAST_SHARE = 0.01;

/** Tickets that one step compares with all others: with 2,000 vectors of 384 numbers a step takes 20 ms on average, where all at once would take a second or two. */
const COMPARED_A_STEP = 25;

/** Finds, in short steps, what many tickets are about: greedily takes the ticket with the most similar ones to represent all of these. */
export class CommonMattersSurvey {
  private readonly model: string;
  private readonly tickets: readonly ReferenceTicket[];
  /** By ticket the places of those similar to it, its own included. */
  private readonly similar: number[][];
  private compared = 0;

  /**
   * @param sample - of these, tickets of the most frequent model are surveyed
   * @param similarity - a cosine strictly above which two tickets are about one matter
   */
  constructor(
    sample: readonly ReferenceTicket[],
    private readonly similarity: number,
  ) {
    const { model, tickets } = ofMostFrequentModel(sample);
    this.model = model;
    this.tickets = tickets;
    this.similar = tickets.map((_, place) => [place]);
  }

  /** Does one more step. @returns the common matters after the last step, else `null` */
  step(): CommonMatters | null {
    const end = Math.min(this.tickets.length, this.compared + COMPARED_A_STEP);
    for (; this.compared < end; this.compared += 1) this.compare(this.compared);
    return this.compared < this.tickets.length ? null : this.matters();
  }

  /** With the tickets after it: those before were compared already. */
  private compare(place: number): void {
    const { vector } = this.tickets[place] as ReferenceTicket;
    for (let other = place + 1; other < this.tickets.length; other += 1) {
      if (cosine(vector, (this.tickets[other] as ReferenceTicket).vector) <= this.similarity) continue;
      this.similar[place]?.push(other);
      this.similar[other]?.push(place);
    }
  }

  private matters(): CommonMatters {
    const { model, tickets, similar } = this;
    const isLeft = new Uint8Array(tickets.length).fill(1);
    const matters: { readonly numbers: string; readonly tickets: number }[] = [];
    const order = tickets.map((ticket, place) => ({ vector: ticket.vector, ofMatter: similar[place] ?? [] }));
    order.sort((a, b) => b.ofMatter.length - a.ofMatter.length);
    for (const { vector, ofMatter } of order) {
      if (ofMatter.length < LEAST_SHARE * tickets.length) break;
      const left = ofMatter.reduce((count, other) => count + (isLeft[other] ?? 0), 0);
      // Most of them belong to a matter that was found before.
      if (2 * left < ofMatter.length) continue;
      matters.push({ numbers: encodeDense(vector), tickets: ofMatter.length });
      for (const other of ofMatter) isLeft[other] = 0;
    }
    return { model, tickets: tickets.length, matters };
  }
}

/** Only vectors of one model can be compared. */
function ofMostFrequentModel(sample: readonly ReferenceTicket[]): { model: string; tickets: ReferenceTicket[] } {
  const groups = new Map<string, ReferenceTicket[]>();
  for (const ticket of sample) {
    const name = `${ticket.vector.numbers.length} ${ticket.model}`;
    const group = groups.get(name);
    if (group) group.push(ticket);
    else groups.set(name, [ticket]);
  }
  const [tickets = []] = [...groups.values()].sort((a, b) => b.length - a.length);
  return { model: tickets[0]?.model ?? '', tickets };
}
