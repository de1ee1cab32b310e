import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { CleanUp } from '../e2e/harness/clean-up';
import { runWithCleanUp } from '../e2e/harness/run-with-clean-up';
import { evaluate } from './evaluate';
import { type EvaluateOptions, readOptions, USAGE } from './options';
import { openShippedModels } from './predictor';
import { renderPage } from './report/page';
import { renderText } from './report/terminal';
import { checkFile, type FileSummary, readTickets } from './tickets/labelled-tickets';

const SEED = 20_251;

/** Measures the models as shipped on labelled tickets of anybody: `npx nx run tools:evaluate -- --help`. */
async function main(cleanUp: CleanUp): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return console.log(USAGE);
  for (const file of [options.html, options.json]) if (file !== undefined) mustBeWritable(file);
  const { files, columns, alertThreshold, alertFrom } = options;
  const summaries: FileSummary[] = [];
  for (const file of files) summaries.push(await checkFile(file, columns));
  for (const note of notesOn(summaries, options)) console.error(note);

  const predictor = await openShippedModels(options);
  cleanUp.defer(() => predictor.close());
  const format = 'Tickets [{bar}] {percentage} %  {value} of {total}  {eta_formatted} left';
  const bar = new SingleBar({ format, gracefulExit: false, hideCursor: true }, Presets.legacy);
  cleanUp.defer(() => bar.stop());
  bar.start(
    summaries.reduce((total, { tickets }) => total + tickets, 0),
    0,
  );
  const evaluation = await evaluate(
    files.map((file) => ({ name: file, tickets: readTickets(file, columns) })),
    predictor,
    {
      ...{ alertThreshold, alertFrom, seed: SEED, urgencyIsRank: columns.urgencies.areLevels },
      onTickets: (count) => bar.increment(count),
    },
  );
  bar.stop();
  console.log(renderText(evaluation));
  const written = { measured_at: new Date().toISOString(), ...evaluation, files: evaluation.files.map(withSummary) };
  function withSummary(results: (typeof evaluation.files)[number], i: number) {
    return { ...results, without_text: summaries[i]?.withoutText ?? 0 };
  }
  if (options.json !== undefined) write(options.json, `${JSON.stringify(written, null, 2)}\n`);
  if (options.html !== undefined) write(options.html, renderPage(evaluation, { measuredAt: written.measured_at }));
}

/** @throws Error if a column that is named on the command line is in no file */
function notesOn(summaries: readonly FileSummary[], { columns, named }: EvaluateOptions): string[] {
  const has = { category: 'withCategory', urgency: 'withUrgency', topic: 'withTopic' } as const;
  for (const name of named) {
    if (summaries.every((summary) => summary[has[name]] === 0)) {
      throw new Error(`--${name}: no ticket has anything in a column "${columns[name]}"`);
    }
  }
  return summaries.flatMap(({ file, tickets, withoutText, withCategory, withUrgency }) => [
    ...(withoutText > 0 ? [`${file}: ${withoutText} tickets without a text are left out`] : []),
    ...(columns.category && withCategory < tickets
      ? [`${file}: ${tickets - withCategory} of ${tickets} tickets have no category`]
      : []),
    ...(columns.urgency && withUrgency < tickets
      ? [`${file}: ${tickets - withUrgency} of ${tickets} tickets have no urgency`]
      : []),
  ]);
}

/** Found out before hours of work. */
function mustBeWritable(file: string): void {
  const directory = dirname(resolve(file));
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    throw new Error(`${file}: cannot be written`, { cause });
  }
}

function write(file: string, content: string): void {
  writeFileSync(file, content);
  console.error(`wrote ${file}`);
}

runWithCleanUp(main);
