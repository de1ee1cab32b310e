import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OptionReader } from '../e2e/harness/options';
import { CategoryLabels, UrgencyLabels } from './tickets/labels';
import { formatOf, type TicketColumns } from './tickets/labelled-tickets';

/** What the command line asks for. */
export interface EvaluateOptions {
  readonly files: readonly string[];
  readonly columns: TicketColumns;
  /** Columns that are named on the command line, so that a file without them is a mistake. */
  readonly named: readonly ('category' | 'urgency' | 'topic')[];
  readonly baseline: boolean;
  /** In [0, 1]. */
  readonly alertThreshold: number;
  readonly alertFrom: number | undefined;
  /** Files to write; none if left out. */
  readonly html: string | undefined;
  readonly json: string | undefined;
}

/** How the command is called. */
export const USAGE = `npx nx run tools:evaluate -- --tickets=<file> [--tickets=<file> ...]

  --format=csv|jsonl           by default as the file's name ends: .csv, .tsv, .jsonl, .ndjson
  --delimiter=<sign>           of a CSV file: a comma, or a tab in .tsv; --delimiter=tab
  --text=text --subject=       columns of the text and the subject; no subject by default
  --category=category          column of the category; a ticket may have none
  --urgency=urgency            column of the urgency: in [0, 1], or any number, larger is more urgent
  --topic=                     column that groups tickets about one matter: confidence intervals draw whole groups
  --map-category=<label>:<category>,...   Billing, Technical, Legal, none; *:none for all other labels
  --urgency-levels=low,medium,high        names of urgencies, the least urgent first
  --alert-threshold=0.8        urgency above which an alert is sent
  --alert-from=<urgency>       label from which a ticket should be an alert
  --baseline                   measures the baselines, without the transformer
  --html=<file> --json=<file>  writes a page, and all figures; both quote tickets`;

/**
 * Reads the arguments of the command line.
 * @throws Error that names everything that is wrong
 */
export function readOptions(args: readonly string[]): EvaluateOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tickets: { type: 'string', multiple: true, default: [] },
      format: { type: 'string' },
      delimiter: { type: 'string' },
      text: { type: 'string', default: 'text' },
      subject: { type: 'string' },
      category: { type: 'string' },
      urgency: { type: 'string' },
      topic: { type: 'string' },
      'map-category': { type: 'string' },
      'urgency-levels': { type: 'string' },
      'alert-threshold': { type: 'string', default: '0.8' },
      'alert-from': { type: 'string' },
      baseline: { type: 'boolean', default: false },
      html: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const reader = new OptionReader({ format: values.format });
  const format = values.format === undefined ? undefined : reader.choice('format', ['csv', 'jsonl'], 'csv');
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      reader.reject(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const files = values.tickets.filter((file) => file !== '');
  if (files.length === 0) reader.reject('--tickets=<file> is missing');
  for (const file of files) attempt(() => formatOf(file, format));
  const delimiter = values.delimiter === 'tab' ? '\t' : values.delimiter;
  if (delimiter !== undefined && [...delimiter].length !== 1)
    reader.reject('--delimiter must be one character, or tab');
  if (values.text === '') reader.reject('--text must name a column');
  const categories = attempt(() => new CategoryLabels(values['map-category'])) ?? new CategoryLabels();
  const levels = values['urgency-levels']?.split(',').filter((level) => level.trim() !== '');
  const urgencies = attempt(() => new UrgencyLabels(levels)) ?? new UrgencyLabels();
  const alertThreshold = values['alert-threshold'].trim() === '' ? NaN : Number(values['alert-threshold']);
  if (!(alertThreshold >= 0 && alertThreshold <= 1)) reader.reject('--alert-threshold must be a number from 0 to 1');
  const from = values['alert-from'];
  const alertFrom = from === undefined ? undefined : urgencies.valueOf(from);
  if (from !== undefined && alertFrom === undefined) {
    reader.reject(`--alert-from must be ${urgencies.areLevels ? 'one of the levels in --urgency-levels' : 'a number'}`);
  }
  for (const name of ['html', 'json'] as const) if (values[name] === '') reader.reject(`--${name} must name a file`);
  const paths = [...files, values.html, values.json].flatMap((file) => (file ? [resolve(file)] : []));
  const twice = paths.find((path, at) => paths.indexOf(path) < at);
  if (twice !== undefined) reader.reject(`${twice} is named twice`);
  reader.throwIfWrong();
  const { text, subject, category = 'category', urgency = 'urgency', topic } = values;
  return {
    files,
    columns: {
      text,
      subject: subject || undefined,
      category: category || undefined,
      urgency: urgency || undefined,
      topic: topic || undefined,
      categories,
      urgencies,
      format,
      delimiter,
    },
    named: (['category', 'urgency', 'topic'] as const).filter((name) => values[name]),
    baseline: values.baseline,
    alertThreshold,
    alertFrom,
    html: values.html,
    json: values.json,
  };
}
