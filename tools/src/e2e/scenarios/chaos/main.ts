import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CleanUp } from '../../harness/clean-up';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { everythingBreaks } from './everything-breaks';
import type { ChaosSetup } from './environment';
import { redisComesAndGoes } from './redis-comes-and-goes';
import { readOptions } from './options';
import { renderReport, renderVerdict } from './render-report';
import type { RunReport } from './run-report';

/**
 * Breaks everything under load and looks whether a ticket was lost or routed twice: `nx run tools:chaos`. Real processes, a real Redis of
 * its own, the real model.
 * `--tickets` are the ordinary ones, to which the reports of `--storms` come.
 * `--tickets=20000 --workers=4 --kills=40 --stops=5 --redis-restarts=3 --gateway-kills=2 --cuts=60 --poison=5 --storms=10 --seed=1 --rate=70`;
 * `--topology=sentinel --failovers=10 --wait-replicas=1` or `--topology=cluster --reshards=3 --failovers=1 --wait-replicas=1` puts Redis through that
 * instead of restarts and cuts; without `--wait-replicas` losses at failovers are counted, not judged.
 * `--act=modes` lets Redis come and go instead, `--phase-seconds=10` at a time; `--report=<directory>` takes the report and all logs.
 * Fails unless everything holds. Ctrl+C ends it and everything it started.
 */
const ACTS: Readonly<Record<string, (setup: ChaosSetup) => Promise<RunReport>>> = {
  faults: everythingBreaks,
  modes: redisComesAndGoes,
};

async function main(cleanUp: CleanUp): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const directory = options.report === undefined ? mkdtempSync(join(tmpdir(), 'chaos-')) : resolve(options.report);
  mkdirSync(directory, { recursive: true });
  console.log(`Report and logs: ${directory}\n`);
  const report = await ACTS[options.act]?.({ options, root: process.cwd(), directory, cleanUp });
  if (!report) return;
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const text = renderReport(report);
  writeFileSync(join(directory, 'report.md'), `${text}\n`);
  console.log(`\n${text}\n${renderVerdict(report)}\n\nReport and logs: ${directory}`);
  if (!report.passed) process.exitCode = 1;
}

runWithCleanUp(main);
