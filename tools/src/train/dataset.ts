import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATEGORIES } from '@smart-support/contracts';
import { newMessageOf } from '@smart-support/ticket-text';
import { z } from 'zod';

const text = z.string().refine((value) => value.trim().length > 0, 'must not be empty');
const score = z.number().min(0).max(1);

const labelledTicketSchema = z.strictObject({
  id: z.string().min(1),
  text,
  category: z.enum(CATEGORIES),
  /** On the scale of `data/rubric.md`. */
  urgency: score,
  /** What the ticket is about. Cross-validation keeps all tickets of a topic on one side. */
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
  /** What fails; the tickets of one outage are near-copies of each other. */
  outage: z.string().min(1),
  /** How the text differs from the first of its outage. */
  change: z.string().min(1),
  text,
});

/** A ticket about an outage, as a line of `data/storms.jsonl` holds it. */
export type OutageTicket = z.infer<typeof outageTicketSchema>;

const burstTicketSchema = z.strictObject({
  id: z.string().min(1),
  /** The one matter of its tickets, each in words of its own. */
  burst: z.string().min(1),
  text,
});

/** A ticket of a burst, as a line of `data/bursts/*.jsonl` holds it. */
export type BurstTicket = z.infer<typeof burstTicketSchema>;

const failureTextSchema = z.strictObject({ id: z.string().min(1), text, reports_failure: z.boolean() });

/** A text that reports a failure or does not, as a line of `data/failure-reports.jsonl` holds it. */
export type FailureText = z.infer<typeof failureTextSchema>;

const noTicketSchema = z.strictObject({ id: z.string().min(1), text, topic: z.string().min(1) });

const judgementSchema = z.object({ category: z.enum(CATEGORIES), urgency: score });
const doubleLabelSchema = z.object({ id: z.string().min(1), first: judgementSchema, second: judgementSchema });

/** Two independent labels of one ticket. */
export type DoubleLabel = z.infer<typeof doubleLabelSchema>;

/** Loads all training tickets of a folder, its files in the order of their names. @throws Error that names file, line and fault of a bad line */
export function loadTickets(folder: string): LabelledTicket[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  if (files.length === 0) throw new Error(`No .jsonl file in ${folder}`);
  return withDistinctIds(files.flatMap((name) => readLines(join(folder, name), labelledTicketSchema)));
}

/** Loads the challenge set. */
export const loadChallenge = loaderOf(challengeTicketSchema);

/** Loads the tickets about outages. */
export const loadOutages = loaderOf(outageTicketSchema);

/** Loads the tickets of bursts in people's own words. */
export const loadBursts = loaderOf(burstTicketSchema);

/** Loads the texts that report a failure or do not. */
export const loadFailureTexts = loaderOf(failureTextSchema);

/** Loads the texts that are no ticket of any category. */
export const loadNoTickets = loaderOf(noTicketSchema);

/** Loads both labels of each ticket. */
export const loadDoubleLabels = loaderOf(doubleLabelSchema);

/** The row with its text as the engine reads it: the new message of a mail, the beginning and end of a long text. What models are fitted to and scored on. */
export const asRead = <Row extends { readonly text: string }>(row: Row): Row => ({
  ...row,
  text: newMessageOf(row.text),
});

/** Loads the `text` of each line of a file of JSON lines. */
export function loadTexts(file: string): string[] {
  return readLines(file, z.looseObject({ text })).map((row) => row.text);
}

function loaderOf<Row extends { id: string }>(schema: z.ZodType<Row>): (file: string) => Row[] {
  return (file) => withDistinctIds(readLines(file, schema));
}

/** Reads a file of JSON lines. @throws Error that names file, line and fault of a bad line */
export function readLines<Row>(file: string, schema: z.ZodType<Row>): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (line.trim() === '') return [];
      const where = `${file}, line ${i + 1}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (cause) {
        throw new Error(`${where}: not JSON`, { cause });
      }
      const result = schema.safeParse(value);
      if (!result.success) throw new Error(`${where}: ${z.prettifyError(result.error)}`);
      return [result.data];
    });
}

function withDistinctIds<Row extends { id: string }>(rows: Row[]): Row[] {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) throw new Error(`Two tickets have the id ${id}`);
    seen.add(id);
  }
  return rows;
}

/** Tickets of the first two rounds, by their ids. */
const EARLIER_ROUNDS = /^[wx]/;

/**
 * How much a ticket counts for the category: those of the first two rounds were made to be difficult, and what is learnt from them holds less elsewhere. Chosen by
 * strangers' texts: docs/decisions/0032-chosen-by-strangers-texts.md.
 */
export const importanceOf = ({ id }: { readonly id: string }): number => (EARLIER_ROUNDS.test(id) ? 0.1 : 1);

/** SHA-256 of what the classifier learns from: changes when a ticket, a category or a topic does. */
export function dataHash(tickets: readonly LabelledTicket[]): string {
  const rows = tickets.map(({ id, text, category, topic }) => [id, text, category, topic]);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
