import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CleanUp } from '../../harness/clean-up';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { allPass } from '../../audit/finding';
import { type SimulateOptions, readOptions } from './options';
import type { Recording } from './recorder/recording';
import { drawPage } from './report/page';
import { drawPicture } from './report/picture';
import { simulate } from './simulate';

/**
 * Runs the whole engine through a bad day in about two minutes: `npm run simulate`. Real processes, a real Redis of its own, the real model.
 * `--seed=1` plans another day; `--report=<directory>` is for the report and all logs; `--picture=<file>` draws a small picture, too;
 * `--short` runs all scenarios in less than a minute; `--redraw=<recording.json>` draws an earlier run again.
 * Fails unless everything holds. Ctrl+C ends it and everything it started.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const directory = resolve(options.report);
  mkdirSync(directory, { recursive: true });
  const recording = await recordingOf(options, directory, cleanUp);
  const page = join(directory, 'report.html');
  writeFileSync(page, drawPage(recording));
  if (options.picture !== undefined) {
    mkdirSync(dirname(resolve(options.picture)), { recursive: true });
    writeFileSync(options.picture, drawPicture(recording));
  }
  for (const { name, verdict, how, examples } of recording.findings) {
    console.log(`${verdict.padEnd(4)}  ${name}: ${how}`);
    for (const example of examples) console.log(`        ${example}`);
  }
  console.log(`\n${allPass(recording.findings) ? 'Everything holds.' : 'NOT everything holds.'} Report: ${page}`);
  if (options.picture !== undefined) console.log(`Picture: ${resolve(options.picture)}`);
  if (!allPass(recording.findings)) process.exitCode = 1;
}

async function recordingOf(options: SimulateOptions, directory: string, cleanUp: CleanUp): Promise<Recording> {
  if (options.redraw !== undefined) return JSON.parse(readFileSync(options.redraw, 'utf8')) as Recording;
  const { seed, isShort } = options;
  const recording = await simulate({ seed, isShort, root: process.cwd(), directory, cleanUp });
  writeFileSync(join(directory, 'recording.json'), JSON.stringify(recording));
  return recording;
}

runWithCleanUp(main);
