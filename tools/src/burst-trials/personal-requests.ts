import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { WrittenTicket } from '../storm-threshold/texts';

const list = z.array(z.string()).min(1);

const patternsSchema = z.strictObject({
  before: list,
  after: list,
  /** Values of the placeholders other than numbers. */
  words: z.record(z.string(), list),
  requests: z.array(z.strictObject({ about: z.string(), named: z.string(), unnamed: z.string() })).min(1),
});

/**
 * Requests of one person each, in turn of every kind; about half of them name what they are about.
 * The patterns are those of `data/personal-requests.json`: `{5}` stands for a number of five digits, `{town}` for one of the words of that name.
 * @param random - uniform numbers in [0, 1)
 */
export function personalRequests(count: number, random: () => number): WrittenTicket[] {
  const file = resolve(__dirname, '../../../data/personal-requests.json');
  const { before, after, words, requests } = patternsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const one = (from: readonly string[] = []): string => from[Math.floor(random() * from.length)] ?? '';
  const fill = (_placeholder: string, name: string): string => {
    const digits = Number(name);
    return Number.isNaN(digits) ? one(words[name]) : String(Math.floor((1 + 9 * random()) * 10 ** (digits - 1)));
  };
  return Array.from({ length: count }, (_, at) => {
    const { about, named, unnamed } = requests[at % requests.length] as (typeof requests)[number];
    const request = random() < 0.5 ? named.replaceAll(/\{(\w+)\}/g, fill) : unnamed;
    return { id: `personal-${at + 1}`, about: `personal: ${about}`, text: one(before) + request + one(after) };
  });
}
