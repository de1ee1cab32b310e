import { encodeDense } from '../log/encode-vectors';
import type { CommonMatters } from '../log/storm-entry';
import { cosine } from '../vectors/quantised-vector';
import type { ReferenceTicket } from './reference-sample';

/** A matter is worth telling from this share of the tickets on: a rarer one cannot open an incident by being as frequent as usual. */
const LEAST_SHARE = 0.01;

/** Tickets that are compared with all others in one step: with 2,000 vectors of 384 numbers 20 ms on average and below 50 at most, where all at once take a second or two. */
const COMPARED_A_STEP = 25;

/** Works out, step by step, what many tickets are about: again and again the ticket with the most similar ones stands for all of these. */
export class CommonMattersSurvey {
  private readonly model: string;
  private readonly tickets: readonly ReferenceTicket[];
  /** Of each ticket the places of those that are similar to it, itself included. */
  private readonly similar: number[][];
  private compared = 0;

  /**
   * @param sample - tickets of which those of the most frequent model are looked at
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

  /** Does one more step; what many tickets are about if that was the last one, else `null`. */
  step(): CommonMatters | null {
    const end = Math.min(this.tickets.length, this.compared + COMPARED_A_STEP);
    for (; this.compared < end; this.compared += 1) this.compare(this.compared);
    return this.compared < this.tickets.length ? null : this.matters();
  }

  /** With those after it: the others were compared with it. */
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
      // Most of them belong to a matter that was named before.
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
