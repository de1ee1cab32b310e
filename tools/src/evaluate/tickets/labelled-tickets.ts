import { extname } from 'node:path';
import { type CategoryLabels, type Label, LABELS, type UrgencyLabels } from './labels';
import { type FileRecord, type Format, readCsv, readJsonLines } from './read-records';

/** What a predictor reads of a ticket. */
export interface TicketText {
  readonly text: string;
  readonly subject: string | null;
}

/** A ticket and what people say about it, as far as they do. */
export interface LabelledTicket extends TicketText {
  /** Where it begins in its file, from 1. */
  readonly line: number;
  readonly category: Label | undefined;
  /** In [0, 1], or on any scale on which more is more urgent. */
  readonly urgency: number | undefined;
  /** Tickets of one topic are no independent observations: intervals draw whole topics. A topic of its own by default. */
  readonly topic?: string | undefined;
}

/** Where the columns are, and what their values mean. */
export interface TicketColumns {
  readonly text: string;
  /** None by default, as the next three. */
  readonly subject?: string | undefined;
  readonly category?: string | undefined;
  readonly urgency?: string | undefined;
  readonly topic?: string | undefined;
  readonly categories: CategoryLabels;
  readonly urgencies: UrgencyLabels;
  /** By the ending of the file's name by default. */
  readonly format?: Format | undefined;
  /** A comma by default, a tab in `.tsv`. */
  readonly delimiter?: string | undefined;
}

/** What is in a file. */
export interface FileSummary {
  readonly file: string;
  readonly tickets: number;
  /** Records that have neither text nor subject: they are left out, as the service refuses them. */
  readonly withoutText: number;
  readonly withCategory: number;
  readonly withUrgency: number;
  readonly withTopic: number;
}

const FORMATS: Readonly<Record<string, Format>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

/** The form of a file. @throws Error if neither its name nor an option says it */
export function formatOf(file: string, given?: Format): Format {
  const format = given ?? FORMATS[extname(file).toLowerCase()];
  if (format === undefined) {
    throw new Error(`${file}: is it CSV or JSON lines? Its name does not say; give --format=csv or --format=jsonl`);
  }
  return format;
}

/** The tickets of a file, one by one, without those that have no text. @throws Error that names file, line and fault */
export async function* readTickets(file: string, columns: TicketColumns): AsyncGenerator<LabelledTicket> {
  for await (const record of recordsOf(file, columns)) {
    const ticket = ticketOf(record, file, columns);
    if (ticket) yield ticket;
  }
}

/**
 * Reads a whole file once, so that a faulty line is an error before any model is asked.
 * @throws Error that names file, line and fault; of unknown categories, all that there are
 */
export async function checkFile(file: string, columns: TicketColumns): Promise<FileSummary> {
  let tickets = 0;
  let withoutText = 0;
  let withCategory = 0;
  let withUrgency = 0;
  let withTopic = 0;
  const unknown = new Map<string, { readonly line: number; count: number }>();
  for await (const record of recordsOf(file, columns)) {
    const name = textIn(record, columns.category, file);
    if (name !== undefined && columns.categories.labelOf(name) === undefined) {
      const seen = unknown.get(name);
      if (seen) seen.count += 1;
      else if (unknown.size < MOST_UNKNOWN) unknown.set(name, { line: record.line, count: 1 });
      continue;
    }
    const ticket = ticketOf(record, file, columns);
    if (!ticket) {
      withoutText += 1;
      continue;
    }
    tickets += 1;
    if (ticket.category !== undefined) withCategory += 1;
    if (ticket.urgency !== undefined) withUrgency += 1;
    if (ticket.topic !== undefined) withTopic += 1;
  }
  if (unknown.size > 0) throw new Error(unknownLabels(file, unknown));
  if (tickets === 0) throw new Error(withoutText > 0 ? `${file}: no ticket has a text` : `${file}: no tickets in it`);
  return { file, tickets, withoutText, withCategory, withUrgency, withTopic };
}

/** How many unknown categories an error names. */
const MOST_UNKNOWN = 50;

function unknownLabels(file: string, unknown: ReadonlyMap<string, { readonly line: number; count: number }>): string {
  const names = [...unknown].map(([name, { line, count }]) => {
    return `  "${name}" in line ${line}${count > 1 ? ` and ${count - 1} more` : ''}`;
  });
  const entries = [...unknown.keys()].slice(0, 2).map((name) => quoted(`${name}:<category>`));
  return [
    `${file}: labels that are none of ${LABELS.join(', ')}:`,
    ...names,
    `Say what they stand for: --map-category='${entries.join(',')}'`,
  ].join('\n');
}

const quoted = (name: string): string => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

function recordsOf(file: string, columns: TicketColumns): AsyncGenerator<FileRecord> {
  if (formatOf(file, columns.format) === 'jsonl') return readJsonLines(file);
  const delimiter = columns.delimiter ?? (extname(file).toLowerCase() === '.tsv' ? '\t' : ',');
  const required = [columns.text, ...(columns.subject === undefined ? [] : [columns.subject])];
  return readCsv(file, { delimiter, columns: required });
}

/** `undefined` for a record without text. */
function ticketOf(record: FileRecord, file: string, columns: TicketColumns): LabelledTicket | undefined {
  const wrong = (fault: string): Error => new Error(`${file}, line ${record.line}: ${fault}`);
  const { line } = record;
  const text = textIn(record, columns.text, file);
  const subject = textIn(record, columns.subject, file);
  if (record.value(columns.text) === undefined && subject === undefined) throw wrong(`no field "${columns.text}"`);
  if (text === undefined && subject === undefined) return undefined;
  const category = textIn(record, columns.category, file);
  const urgency = textIn(record, columns.urgency, file);
  const label = category === undefined ? undefined : columns.categories.labelOf(category);
  if (category !== undefined && label === undefined) throw wrong(`"${category}" is none of ${LABELS.join(', ')}`);
  const value = urgency === undefined ? undefined : columns.urgencies.valueOf(urgency);
  if (urgency !== undefined && value === undefined) {
    const fault = columns.urgencies.areLevels
      ? `the urgency "${urgency}" is none of the levels in --urgency-levels`
      : `the urgency "${urgency}" is no number; name levels, the least urgent first, with --urgency-levels=low,medium,high`;
    throw wrong(fault);
  }
  const topic = textIn(record, columns.topic, file);
  return { line, text: text ?? '', subject: subject ?? null, category: label, urgency: value, topic };
}

/** The text in a column, numbers as text; `undefined` for none or a blank one. */
function textIn(record: FileRecord, column: string | undefined, file: string): string | undefined {
  const value = column === undefined ? undefined : record.value(column);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object')
    throw new Error(`${file}, line ${record.line}: "${column}" is neither text nor a number`);
  const text = String(value);
  return text.trim() === '' ? undefined : text;
}
