import type { LabelledTicket, OutageTicket } from '../train/dataset';
import type { SeenText, SeenTicket } from './seen-ticket';

/** A ticket as it was written. */
export interface WrittenTicket {
  readonly id: string;
  /** Its topic or its outage. */
  readonly about: string;
  readonly text: string;
}

/** The same text around every ticket, as a form or a mail program adds it. */
export interface Frame {
  readonly name: string;
  readonly above: string;
  readonly below: string;
}

/** Ordinary tickets, and tickets of storms. */
export interface Texts<Ticket> {
  readonly ordinary: readonly Ticket[];
  readonly outages: readonly Ticket[];
}

/** Two halves of the data: no topic and no outage is on both sides. */
export function halvesOf(
  tickets: readonly LabelledTicket[],
  outages: readonly OutageTicket[],
): readonly [Texts<WrittenTicket>, Texts<WrittenTicket>] {
  const ordinary = everyOtherName(tickets.map(({ id, topic, text }) => ({ id, about: topic, text })));
  const storms = everyOtherName(outages.map(({ id, outage, text }) => ({ id, about: outage, text })));
  return [
    { ordinary: ordinary[0], outages: storms[0] },
    { ordinary: ordinary[1], outages: storms[1] },
  ];
}

function everyOtherName(tickets: readonly WrittenTicket[]): readonly [WrittenTicket[], WrittenTicket[]] {
  const names = [...new Set(tickets.map(({ about }) => about))].sort();
  const first = new Set(names.filter((_, place) => place % 2 === 0));
  return [tickets.filter(({ about }) => first.has(about)), tickets.filter(({ about }) => !first.has(about))];
}

/** The texts as a detector compares them, each within the same frame. */
export async function seenThrough(
  { ordinary, outages }: Texts<WrittenTicket>,
  { above, below }: Frame,
  see: (texts: readonly string[]) => Promise<readonly SeenText[]> | readonly SeenText[],
): Promise<Texts<SeenTicket>> {
  const written = [...ordinary, ...outages];
  const seenTexts = await see(written.map(({ text }) => above + text + below));
  const seen = written.map(({ id, about }, place) => ({ id, about, ...(seenTexts[place] as SeenText) }));
  return { ordinary: seen.slice(0, ordinary.length), outages: seen.slice(ordinary.length) };
}
