import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CleanUp } from '../../harness/clean-up';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import type { PartSetup } from './environment';
import { type PartName, readOptions } from './options';
import { proveEleven } from './parts/eleven';
import { proveFiveHundred } from './parts/five-hundred';
import { proveProcesses } from './parts/processes';
import { proveRejection } from './parts/reject';
import { renderFaults, renderResults } from './report';
import type { PartResult } from './run-outcome';

const PROOFS: Readonly<Record<PartName, (setup: PartSetup) => Promise<PartResult[]>>> = {
  eleven: proveEleven,
  processes: proveProcesses,
  reject: proveRejection,
  'five-hundred': proveFiveHundred,
};

/**
 * Proves that storms become one Master Incident across workers, whatever the interleaving and whichever worker is lost: `nx run tools:storm-proof`.
 * A real Redis of its own; workers in this process with recorded vectors, and real processes with the real model.
 * `--only=eleven|processes|reject|five-hundred --runs=N --seed=N`: run number k of a part has the seed N + k, so that a run that failed is made
 * again with `--runs=1 --seed=<its seed>`. Fails unless everything holds. Ctrl+C ends it and everything it started.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const { parts, runs, seed } = readOptions(process.argv.slice(2));
  const results: PartResult[] = [];
  for (const name of parts) {
    const own = new CleanUp();
    cleanUp.defer(() => own.dispose());
    results.push(...(await PROOFS[name]({ runs, seed, cleanUp: own, print: (line) => console.log(line) })));
    await own.dispose();
  }
  console.log(`\n${renderResults(results)}`);
  const failed = results.flatMap(({ outcomes }) => outcomes.filter(({ faults }) => faults.length > 0));
  if (failed.length === 0) return;
  process.exitCode = 1;
  const directory = mkdtempSync(join(tmpdir(), 'storm-proof-'));
  for (const { prefix, ...outcome } of failed) {
    writeFileSync(join(directory, `${prefix}.json`), evidenceJson({ prefix, ...outcome }));
  }
  console.log(`\n${renderFaults(results)}\n\nEvidence: ${directory}`);
}

function evidenceJson(evidence: unknown): string {
  const plain = (_key: string, value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
  return `${JSON.stringify(evidence, plain, 2)}\n`;
}

runWithCleanUp(main);
