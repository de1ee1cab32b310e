import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '../../../bench/statistics';
import { CleanUp } from '../../harness/clean-up';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { table } from '../../../train/report/markdown';
import { type Observation, observe } from './observer';
import { EMBEDDED_ATTACKS, type Outcome, SHARED_ATTACKS, type Attack } from './attacks';
import { type AttackSetup, type AttackedEnvironment, startEmbedded, startShared } from './environment';

/** No request makes another one wait longer, in milliseconds. */
const MOST_LATE_MS = 50;

/**
 * Runs the attacks of hostile callers against real processes, while an honest caller sends requests at a steady rate: `nx run tools:abuse`. Prints for each attack what
 * the attacker was answered, how long the honest caller waited, how late the gateway's event loop was, and the peak memory of each process.
 * `--only=<part of an attack's name>` runs some; `--report=<directory>` takes the logs. Fails if the gateway dies, changes its mode, or answers the honest caller with
 * anything but 200, 202, 429 and 503, and for what each attack names. Lateness and memory are printed and not judged: they depend on the machine.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, report: { type: 'string' } } });
  const directory = values.report === undefined ? mkdtempSync(join(tmpdir(), 'abuse-')) : resolve(values.report);
  mkdirSync(directory, { recursive: true });
  console.log(`Logs: ${directory}\n`);
  const setup = { root: process.cwd(), directory, cleanUp };
  const rows = [
    ...(await runAll(setup, startShared, SHARED_ATTACKS, values.only)),
    ...(await runAll(setup, startEmbedded, EMBEDDED_ATTACKS, values.only)),
  ];
  if (rows.length === 0) throw new Error(`No attack has "${values.only}" in its name`);
  console.log(table(HEAD, rows));
}

const HEAD = [
  'attack',
  'answers to the attacker',
  'holds',
  'honest: p50, p99, longest, ms',
  'honest: answers',
  `event loop late, ms (aim ${MOST_LATE_MS})`,
  'changes of mode',
  'most MB of gateway, worker, Redis',
];

/** Runs each attack on processes of its own, so that none sees what another left behind. */
async function runAll(
  { root, directory, cleanUp }: AttackSetup,
  start: (setup: AttackSetup, environment: Attack['settings']) => Promise<AttackedEnvironment>,
  attacks: readonly Attack[],
  only: string,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const { name, settings, run } of attacks.filter((attack) => attack.name.includes(only))) {
    const ofAttack = new CleanUp();
    cleanUp.defer(() => ofAttack.dispose());
    try {
      const attacked = await start({ root, directory, cleanUp: ofAttack }, settings);
      let outcome: Outcome | undefined;
      const seen = await observe(attacked, async () => {
        outcome = await run(attacked);
      });
      const violations = [...(outcome?.violations ?? []), ...commonViolations(attacked, seen)];
      if (violations.length > 0) process.exitCode = 1;
      rows.push(rowOf(attacked.redis ? name : `without Redis: ${name}`, outcome?.answers ?? '', violations, seen));
      console.error(rows.at(-1)?.join(' | '));
    } finally {
      await ofAttack.dispose();
    }
  }
  return rows;
}

/** What no attack may cause. Refusals for lack of space (503) and by a limit (429) are proper answers. */
function commonViolations(attacked: AttackedEnvironment, { statuses, modeChanges }: Observation): string[] {
  const odd = [...statuses].filter(([status]) => ![200, 202, 429, 503].includes(status));
  return [
    ...(attacked.environment.gateway.isRunning ? [] : ['the gateway died']),
    ...(modeChanges === 0 ? [] : [`${modeChanges} changes of mode`]),
    ...odd.map(([status, times]) => `the honest caller was answered ${status} ${times} times`),
  ];
}

function rowOf(name: string, answers: string, violations: readonly string[], seen: Observation): string[] {
  const at = (share: number): string => quantile(seen.waitsMs, share).toFixed(0);
  return [
    name,
    answers,
    violations.length === 0 ? 'yes' : `NO: ${violations.join('; ')}`,
    `${at(0.5)}, ${at(0.99)}, ${at(1)}`,
    [...seen.statuses].map(([status, times]) => `${status}: ${times}`).join(', '),
    seen.lateMs.toFixed(0),
    String(seen.modeChanges),
    [seen.gatewayMb, seen.workerMb, seen.redisMb].map((mb) => mb.toFixed(0)).join(', '),
  ];
}

runWithCleanUp(main);
