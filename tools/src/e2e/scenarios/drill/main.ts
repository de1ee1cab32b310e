import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSampleTexts } from '../../../bench/sample-tickets';
import { startServer } from '../../../bench/server-process';
import { type ActRecord, type Script, type Stage, underLoad, withoutTraffic } from './phases';
import { BreakerLog } from './breaker-log';
import { judge, passed, renderVerdict } from './verdict';
import { explanationOf } from './visits';

/**
 * Rehearses a slow model on a real gateway: `nx run tools:drill`. The model is slowed by 700 ms for 20 seconds, once under load
 * and once without traffic. Prints what happened and fails when anybody was turned away or had to wait without need.
 * `--per-second=40`, `--slowed-ms=700`, `--slowed-for=20`; `--json=<file>` also writes every single visit.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'per-second': { type: 'string', default: '40' },
      'slowed-ms': { type: 'string', default: '700' },
      'slowed-for': { type: 'string', default: '20' },
      json: { type: 'string' },
    },
  });
  const script: Script = {
    perSecond: Number(values['per-second']),
    slowedMs: Number(values['slowed-ms']),
    slowedForMs: 1000 * Number(values['slowed-for']),
  };
  const wrong = Object.entries(script).filter(([, value]) => !(value > 0 && value <= 600_000));
  if (wrong.length > 0) throw new Error(`Not a usable number: ${wrong.map(([name]) => name).join(', ')}`);
  const root = process.cwd();
  const texts = readSampleTexts(root);
  let sent = 0;
  // Numbered, so that no text is answered from the cache.
  const nextText = (): string => `${texts[sent % texts.length] ?? ''}\nRef. ${sent++}`;

  const folder = mkdtempSync(join(tmpdir(), 'drill-'));
  const faultsFile = join(folder, 'faults.json');
  const breaker = new BreakerLog();
  const gateway = await startServer(
    join(root, 'apps/gateway/dist/main.js'),
    { ALLOW_FAULT_INJECTION: '1', FAULT_INJECTION_FILE: faultsFile },
    (line) => breaker.read(line),
  );
  const tell: Stage['tell'] = (milliseconds, what) => console.error(`${(milliseconds / 1000).toFixed(1)} s  ${what}`);
  const stage: Stage = { url: gateway.url, faultsFile, breaker, nextText, tell };
  try {
    const records: ActRecord[] = [];
    for (const act of [underLoad, withoutTraffic]) {
      const record = await act(stage, script);
      records.push(record);
      const verdict = await judge(record, (ticket) => explanationOf(gateway.url, ticket));
      console.log(`${renderVerdict(verdict)}\n`);
      if (!passed(verdict)) process.exitCode = 1;
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(records, null, 2)}\n`);
  } finally {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
