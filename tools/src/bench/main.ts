import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchRoundTrips } from './async/round-trips';
import { benchUrgent } from './async/urgent-under-load';
import { benchStormCost, benchWorkerThroughput } from './async/worker-throughput';
import { benchFallback } from './fallback-speed';
import { benchFirstAnswer } from './first-answer';
import { benchGatewayAsync, benchThroughput } from './gateway-throughput';
import { benchUnderLoad } from './gateway-under-load';
import { type Finding, PAIRS, meetsGoal } from './measure';
import { benchMemory, benchQueuedMemory } from './memory';
import { benchModels } from './model-speed';
import { benchPool } from './pool-throughput';
import { benchAdding, benchProcessing } from './queue/queue-speed';
import { benchRivals } from './rivals/transformers-js';
import { renderFinding } from './table';
import { benchTicketLists } from './ticket-lists';
import { benchVerdicts } from './verdict-speed';
import type { Workbench } from './workbench';
import { runTool } from '../workspace/run-tool';

/**
 * Measures the engine on this machine and prints the findings: `nx run tools:bench`.
 * `--only=throughput,models` runs some of the benches; `--json=<file>` also writes the findings with every single value.
 * `--against=<folder>` compares with another built workspace instead of with a rival, where the bench can ({@link COMPARABLE}).
 * Fails when a finding misses its goal.
 */
const BENCHES: Readonly<Record<string, (bench: Workbench) => Promise<readonly Finding[]>>> = {
  models: benchModels,
  start: benchFirstAnswer,
  throughput: benchThroughput,
  memory: benchMemory,
  pool: async (bench) => [await benchPool(bench)],
  rivals: benchRivals,
  fallback: async (bench) => [await benchFallback(bench)],
  'gateway-under-load': benchUnderLoad,
  'queue-processing': benchProcessing,
  'queue-adding': benchAdding,
  'gateway-async': benchGatewayAsync,
  'round-trips': benchRoundTrips,
  'worker-throughput': benchWorkerThroughput,
  'queued-memory': benchQueuedMemory,
  'urgent-under-load': benchUrgent,
  'ticket-lists': benchTicketLists,
  'storm-verdicts': benchVerdicts,
  'storm-cost': benchStormCost,
};

/** The benches that obey `--against`. */
const COMPARABLE = ['queue-processing', 'queue-adding', 'gateway-async'];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'string' }, against: { type: 'string' } },
  });
  const names = values.only?.split(',') ?? (values.against === undefined ? Object.keys(BENCHES) : COMPARABLE);
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0)
    throw new Error(`Unknown benches: ${unknown.join(', ')}. Benches are ${Object.keys(BENCHES).join(', ')}.`);
  if (values.against !== undefined && !names.every((name) => COMPARABLE.includes(name)))
    throw new Error(`--against works with ${COMPARABLE.join(', ')}.`);
  const against = values.against === undefined ? {} : { against: resolve(values.against) };

  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.version}`;
  console.log(`${machine}\nMedians of ${PAIRS} interleaved pairs, quartiles in brackets.\n`);
  const findings: Finding[] = [];
  for (const name of names) {
    const progress = (pair: number): void => console.error(`${name}: ${pair} of ${PAIRS}`);
    for (const finding of (await BENCHES[name]?.({ root: process.cwd(), ...against, progress })) ?? []) {
      findings.push(finding);
      console.log(`${renderFinding(finding)}\n`);
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine, findings }, null, 2)}\n`);
  if (findings.some((finding) => meetsGoal(finding) === false)) process.exitCode = 1;
}

runTool(main);
