import { resolve } from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import type { UsualTickets } from '@smart-support/storm';
import { type SeenText, type SeenTicket, seeMeanings } from '../storm-threshold/seen-ticket';
import type { WrittenTicket } from '../storm-threshold/texts';
import { loadBursts, loadOutages, loadTickets } from '../train/dataset';

/** The same from `src/suspicions` and from `dist/suspicions`. */
const DATA = resolve(__dirname, '../../../data');

/** Tickets as the storm log would hold them, by embedding. */
export async function seeTickets(written: readonly WrittenTicket[]): Promise<SeenTicket[]> {
  const seen = await seeMeanings(
    MODEL_DIRECTORY,
    written.map(({ text }) => text),
  );
  return written.map(({ id, about }, at) => ({ id, about, ...(seen[at] as SeenText) }));
}

/** The tickets of data/tickets, each about its topic. */
export function seeOrdinary(): Promise<SeenTicket[]> {
  return seeTickets(loadTickets(resolve(DATA, 'tickets')).map((ticket) => ({ ...ticket, about: ticket.topic })));
}

/** The bursts of a file of data/bursts. */
export async function seeBursts(name: string): Promise<SeenTicket[][]> {
  return byAbout(
    loadBursts(resolve(DATA, `bursts/${name}.jsonl`)).map((report) => ({ ...report, about: report.burst })),
  );
}

/** The outages of data/storms.jsonl, each as its near-copies. */
export async function seeOutages(): Promise<SeenTicket[][]> {
  return byAbout(loadOutages(resolve(DATA, 'storms.jsonl')).map((report) => ({ ...report, about: report.outage })));
}

async function byAbout(written: readonly WrittenTicket[]): Promise<SeenTicket[][]> {
  const seen = await seeTickets(written);
  return [...new Set(seen.map(({ about }) => about))].map((name) => seen.filter(({ about }) => about === name));
}

/** The vectors that the package of the models brings along are made of the texts of data/tickets in this way. */
export function standInsOf(ordinary: readonly SeenTicket[]): UsualTickets {
  const embeddings = ordinary.flatMap(({ likeness }) => likeness.embedding ?? []);
  return { model: embeddings[0]?.model ?? '', vectors: embeddings.map(({ vector }) => vector) };
}

/** Prints a part of what was found. */
export function print(title: string, body: string): void {
  console.log(`\n## ${title}\n\n${body}`);
}

/** A figure with one decimal, or a dash where there is none. */
export function orDash(number: number): string {
  return Number.isNaN(number) ? '-' : number.toFixed(1);
}
