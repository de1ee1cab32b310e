import { createWordVectoriser } from '@smart-support/classifier';
import { type ArrivedEntry, quantise, quantiseSparse } from '@smart-support/storm';
import { embedAll, openBenchEmbedder } from '../pool-throughput';

/** A ticket as the storm log would hold it, with the embedding as it came from the model. */
export interface WrittenTicket {
  readonly embedding: Float32Array;
  readonly words: ArrivedEntry['words'];
}

/** How much of a second ticket, and how much of nothing at all, is mixed into one. */
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

/** Any number of different tickets: each the mean of two real ones, unevenly, and a little noise. */
export class TicketMixer {
  private state = 20_261_126;

  constructor(private readonly written: readonly WrittenTicket[]) {}

  /** A ticket like none before. */
  next(): WrittenTicket {
    const first = this.pick();
    const second = this.pick();
    return this.around(first, second.embedding, SECOND, NOISE);
  }

  /** A real one. */
  pick(): WrittenTicket {
    const ticket = this.written[Math.floor(this.random() * this.written.length)];
    if (!ticket) throw new Error('there are no tickets');
    return ticket;
  }

  /** Nearly the same ticket again, at a cosine of some 0.97. */
  similarTicket(ticket: WrittenTicket): WrittenTicket {
    return this.around(ticket, ticket.embedding, 0, 0.012);
  }

  private around(ticket: WrittenTicket, other: Float32Array, share: number, noise: number): WrittenTicket {
    const mixed = ticket.embedding.map((value, index) => value + share * (other[index] ?? 0) + noise * this.normal());
    const length = Math.sqrt(mixed.reduce((sum, value) => sum + value * value, 0));
    return { embedding: mixed.map((value) => value / length), words: ticket.words };
  }

  /** Park and Miller's generator: the same tickets in every run. */
  private random(): number {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return this.state / 2_147_483_647;
  }

  /** Box and Muller. */
  private normal(): number {
    return Math.sqrt(-2 * Math.log(this.random())) * Math.cos(2 * Math.PI * this.random());
  }
}

/** An entry of the log. */
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
