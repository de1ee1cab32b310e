import { createWordVectoriser } from '@smart-support/classifier';
import { type ArrivedEntry, quantise, quantiseSparse } from '@smart-support/storm';
import { randomFrom } from '../train/random';
import { embedAll, openBenchEmbedder } from './pool-throughput';

/** A ticket as in the storm log, with the unquantised embedding. */
export interface WrittenTicket {
  readonly embedding: Float32Array;
  readonly words: ArrivedEntry['words'];
}

/** Share of a second ticket, and of noise, in a mixed one. */
const SECOND = 0.6;
const NOISE = 0.02;

/** Embeds real texts. */
export async function writtenTickets(texts: readonly string[]): Promise<readonly WrittenTicket[]> {
  const { vectorise } = createWordVectoriser();
  const embedder = await openBenchEmbedder();
  try {
    const tickets: WrittenTicket[] = [];
    await embedAll(embedder, texts, (text, embedding) => {
      tickets.push({ embedding: Float32Array.from(embedding), words: quantiseSparse(vectorise(text)) });
    });
    return tickets;
  } finally {
    await embedder.close();
  }
}

/** Any number of different tickets, the same in every run: each the weighted mean of two real ones, and a little noise. */
export class TicketMixer {
  private readonly random = randomFrom(20_261_126);

  constructor(private readonly written: readonly WrittenTicket[]) {}

  /** A new ticket. */
  mixTicket(): WrittenTicket {
    const first = this.pickTicket();
    const second = this.pickTicket();
    return this.around(first, second.embedding, SECOND, NOISE);
  }

  /** A real ticket. */
  pickTicket(): WrittenTicket {
    const ticket = this.written[Math.floor(this.random() * this.written.length)];
    if (!ticket) throw new Error('there are no tickets');
    return ticket;
  }

  /** A near-copy of a ticket, at a cosine of about 0.97. */
  similarTicket(ticket: WrittenTicket): WrittenTicket {
    return this.around(ticket, ticket.embedding, 0, 0.012);
  }

  private around(ticket: WrittenTicket, other: Float32Array, share: number, noise: number): WrittenTicket {
    const mixed = ticket.embedding.map((value, index) => value + share * (other[index] ?? 0) + noise * this.normal());
    const length = Math.sqrt(mixed.reduce((sum, value) => sum + value * value, 0));
    return { embedding: mixed.map((value) => value / length), words: ticket.words };
  }

  /** A normally distributed number (Box and Muller). */
  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }
}

/** The log's entry of a ticket. */
export function entryOf({ embedding, words }: WrittenTicket, number: number, at_ms: number): ArrivedEntry {
  return {
    kind: 'arrived',
    id: String(number),
    at_ms,
    ticket_id: `T${number}`,
    received_ms: at_ms,
    requester: null,
    embedding: { model: 'all-MiniLM-L6-v2', numbers: quantise(embedding).numbers },
    words,
    severe_signal: null,
    failure: 0,
    identifiers: '',
    is_machine: false,
  };
}
