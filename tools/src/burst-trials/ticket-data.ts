import { resolve } from 'node:path';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import type { SeedReference } from '@smart-support/storm';
import { type SeenText, type SeenTicket, seeMeanings } from '../storm-threshold/seen-ticket';
import type { WrittenTicket } from '../storm-threshold/texts';
import { loadBursts, loadOutages, loadTickets } from '../train/dataset';

/** The same from `src/burst-trials` and from `dist/burst-trials`. */
const DATA = resolve(__dirname, '../../../data');

/** Tickets as in the storm log, by embedding. */
export async function seeTickets(written: readonly WrittenTicket[]): Promise<SeenTicket[]> {
  const seen = await seeMeanings(
    MODEL_DIRECTORY,
    written.map(({ text }) => text),
  );
  return written.map(({ id, about }, at) => ({ id, about, ...(seen[at] as SeenText) }));
}

/** The tickets of data/tickets, each about its topic. */
export function ordinaryTexts(): WrittenTicket[] {
  return loadTickets(resolve(DATA, 'tickets')).map((ticket) => ({ ...ticket, about: ticket.topic }));
}

/** The reports of a file of data/bursts, each about its burst. */
export function burstTexts(name: string): WrittenTicket[] {
  return loadBursts(resolve(DATA, `bursts/${name}.jsonl`)).map((report) => ({ ...report, about: report.burst }));
}

/** The outages of data/storms.jsonl, each as its near-copies. */
export function outageTexts(): WrittenTicket[] {
  return loadOutages(resolve(DATA, 'storms.jsonl')).map((report) => ({ ...report, about: report.outage }));
}

/** {@link ordinaryTexts} as in the storm log. */
export function seeOrdinary(): Promise<SeenTicket[]> {
  return seeTickets(ordinaryTexts());
}

/** {@link burstTexts} as in the storm log, burst by burst. */
export async function seeBursts(name: string): Promise<SeenTicket[][]> {
  return byAbout(await seeTickets(burstTexts(name)));
}

/** Groups tickets by what they are about, in the order of first occurrence. */
export function byAbout<Ticket extends { readonly about: string }>(seen: readonly Ticket[]): Ticket[][] {
  return [...new Set(seen.map(({ about }) => about))].map((name) => seen.filter(({ about }) => about === name));
}

/** The seed reference, computed from the texts of data/tickets as the shipped one is. */
export function seedReferenceOf(ordinary: readonly SeenTicket[]): SeedReference {
  const embeddings = ordinary.flatMap(({ vectors }) => vectors.embedding ?? []);
  return { model: embeddings[0]?.model ?? '', vectors: embeddings.map(({ vector }) => vector) };
}

/** Prints a section of the findings. */
export function print(title: string, body: string): void {
  console.log(`\n## ${title}\n\n${body}`);
}

/** A figure with one decimal, or a dash for NaN. */
export function orDash(number: number): string {
  return Number.isNaN(number) ? '-' : number.toFixed(1);
}
