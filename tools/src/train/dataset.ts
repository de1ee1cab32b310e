import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATEGORIES } from '@smart-support/contracts';
import { z } from 'zod';

const text = z.string().refine((value) => value.trim().length > 0, 'must not be empty');
const score = z.number().min(0).max(1);

const labelledTicketSchema = z.strictObject({
  id: z.string().min(1),
  text,
  category: z.enum(CATEGORIES),
  /** On the scale of `data/rubric.md`. */
  urgency: score,
  /** What the ticket is about; tickets of one topic are never on both sides of a test. */
  topic: z.string().min(1),
  /** The voice it is written in. */
  register: z.string().min(1),
  /** Why the ticket is difficult, if it is. */
  hard: z.string().optional(),
});

/** A training ticket, as a line of `data/tickets/*.jsonl` holds it. */
export type LabelledTicket = z.infer<typeof labelledTicketSchema>;

const challengeTicketSchema = labelledTicketSchema.partial({ topic: true, register: true }).loose();

/** A ticket of the challenge set. */
export type ChallengeTicket = z.infer<typeof challengeTicketSchema>;

const outageTicketSchema = z.strictObject({
  id: z.string().min(1),
  /** What is out of order; its tickets say nearly the same. */
  outage: z.string().min(1),
  /** How the text differs from the first of its outage. */
  change: z.string().min(1),
  text,
});

/** A ticket about an outage, as a line of `data/storms.jsonl` holds it. */
export type OutageTicket = z.infer<typeof outageTicketSchema>;

const burstTicketSchema = z.strictObject({
  id: z.string().min(1),
  /** What all its tickets are about, each in words of its own. */
  burst: z.string().min(1),
  text,
});

/** A ticket of a burst, as a line of `data/bursts/*.jsonl` holds it. */
export type BurstTicket = z.infer<typeof burstTicketSchema>;

const failureTextSchema = z.strictObject({ id: z.string().min(1), text, reports_failure: z.boolean() });

/** A text that reports a failure or does not, as a line of `data/failure-reports.jsonl` holds it. */
export type FailureText = z.infer<typeof failureTextSchema>;

const judgementSchema = z.object({ category: z.enum(CATEGORIES), urgency: score });
const doubleLabelSchema = z.object({ id: z.string().min(1), first: judgementSchema, second: judgementSchema });

/** What two people said of one ticket, neither knowing the other's answer. */
export type DoubleLabel = z.infer<typeof doubleLabelSchema>;

/** All training tickets of a folder, its files in the order of their names. */
export function loadTickets(folder: string): LabelledTicket[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  if (files.length === 0) throw new Error(`No .jsonl file in ${folder}`);
  return withDistinctIds(files.flatMap((name) => readLines(join(folder, name), labelledTicketSchema)));
}

/** The challenge set. */
export function loadChallenge(file: string): ChallengeTicket[] {
  return withDistinctIds(readLines(file, challengeTicketSchema));
}

/** The tickets about outages. */
export function loadOutages(file: string): OutageTicket[] {
  return withDistinctIds(readLines(file, outageTicketSchema));
}

/** The tickets of bursts in people's own words. */
export function loadBursts(file: string): BurstTicket[] {
  return withDistinctIds(readLines(file, burstTicketSchema));
}

/** The texts that report a failure or do not. */
export function loadFailureTexts(file: string): FailureText[] {
  return withDistinctIds(readLines(file, failureTextSchema));
}

/** Both labels of each ticket. */
export function loadDoubleLabels(file: string): DoubleLabel[] {
  return withDistinctIds(readLines(file, doubleLabelSchema));
}

function readLines<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema>[] {
  return parseLines(readFileSync(file, 'utf8'), file, schema);
}

function parseLines<Schema extends z.ZodType>(content: string, file: string, schema: Schema): z.output<Schema>[] {
  const rows: z.output<Schema>[] = [];
  content.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const where = `${file}, line ${i + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw new Error(`${where}: not JSON`, { cause });
    }
    const result = schema.safeParse(value);
    if (!result.success) throw new Error(`${where}: ${z.prettifyError(result.error)}`);
    rows.push(result.data);
  });
  return rows;
}

function withDistinctIds<Row extends { id: string }>(rows: Row[]): Row[] {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) throw new Error(`Two tickets have the id ${id}`);
    seen.add(id);
  }
  return rows;
}

/** SHA-256 of what the classifier learns from: changes when a ticket, a category or a topic does. */
export function dataHash(tickets: readonly LabelledTicket[]): string {
  const rows = tickets.map(({ id, text, category, topic }) => [id, text, category, topic]);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
