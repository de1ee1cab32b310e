import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ExplanationReport } from '@smart-support/contracts';
import { readSampleTexts } from '../../../bench/sample-tickets';
import type { CleanUp } from '../../harness/clean-up';
import { TestEnvironment } from '../../harness/environment';
import { OptionReader } from '../../harness/options';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { BreakerLog } from './breaker-log';
import { type PhaseRecord, type Script, underLoad, withoutTraffic } from './phases';
import { judge, passed, renderVerdict } from './verdict';

/** More than are ever open at once: a ticket never waits for another one's connection. */
const CONNECTIONS = 1000;

/**
 * Injects a slow model into a real gateway: `nx run tools:drill`. Each run of the model takes 700 ms longer for 20 seconds, once under load
 * and once without traffic. Prints what happened, and fails if a ticket was refused or waited without need.
 * `--per-second=40`, `--slowed-ms=700`, `--slowed-for=20`; `--json=<file>` also writes every answer.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { 'per-second': text, 'slowed-ms': text, 'slowed-for': text, json: text } });
  const reader = new OptionReader(values);
  const script: Script = {
    perSecond: reader.number('per-second', { standard: 40, least: 1, most: 1000 }),
    slowedMs: reader.number('slowed-ms', { standard: 700, least: 1, most: 600_000 }),
    slowedForMs: 1000 * reader.number('slowed-for', { standard: 20, least: 1, most: 600 }),
  };
  reader.throwIfWrong();
  const root = process.cwd();
  const texts = readSampleTexts(root);
  let sent = 0;
  // Numbered, so that no text is answered from the cache.
  const nextText = (): string => `${texts[sent % texts.length] ?? ''}\nRef. ${sent++}`;

  const directory = mkdtempSync(join(tmpdir(), 'drill-'));
  cleanUp.defer(() => rmSync(directory, { recursive: true, force: true }));
  const faultsFile = join(directory, 'faults.json');
  const environment = await TestEnvironment.start({
    ...{ root, directory, cleanUp },
    // Similar texts without a requester come again and again, and each is to be a ticket.
    settings: {
      ALLOW_FAULT_INJECTION: '1',
      FAULT_INJECTION_FILE: faultsFile,
      DUPLICATE_SECONDS: '0',
      RATE_LIMIT_REQUESTER_PER_MINUTE: '0',
    },
  });
  const client = environment.connect(CONNECTIONS);
  const breaker = new BreakerLog(environment.gatewayLog);
  cleanUp.defer(() => breaker.close());
  const print = (milliseconds: number, line: string): void =>
    console.error(`${(milliseconds / 1000).toFixed(1)} s  ${line}`);
  const records: PhaseRecord[] = [];
  for (const phase of [underLoad, withoutTraffic]) {
    const record = await phase({ client, faultsFile, breaker, nextText, print }, script);
    records.push(record);
    const verdict = await judge(record, async ({ id }) => {
      const { body } = await client.send('GET', `/tickets/${encodeURIComponent(id)}/explain`);
      return body as ExplanationReport;
    });
    console.log(`${renderVerdict(verdict)}\n`);
    if (!passed(verdict)) process.exitCode = 1;
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(records, null, 2)}\n`);
}

runWithCleanUp(main);
