import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CleanUp } from '../../harness/clean-up';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { table } from '../../../train/report/markdown';
import { type Observation, observe } from './observer';
import { EMBEDDED_SCENES, type Outcome, SHARED_SCENES, type Scene } from './attacks';
import { type Stage, type StageSetup, openEmbedded, openShared } from './environment';

/** No request makes another one wait longer, in milliseconds. */
const MOST_LATE_MS = 50;

/**
 * Plays what hostile callers try against real processes, while an honest caller goes on as ever: `nx run tools:abuse`. Prints for each scene what the attacker was
 * answered, how long the honest caller waited, how late the gateway's event loop was, and the most memory of each process.
 * `--only=<part of a scene's name>` plays some; `--report=<directory>` takes the logs. Fails if the gateway dies, changes its mode, or answers the honest caller with
 * anything but 200, 202, 429 and 503, and for what each scene names. Lateness and memory are judged by who reads the table: they depend on the machine.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, report: { type: 'string' } } });
  const directory = values.report === undefined ? mkdtempSync(join(tmpdir(), 'abuse-')) : resolve(values.report);
  mkdirSync(directory, { recursive: true });
  console.log(`Logs: ${directory}\n`);
  const setup = { root: process.cwd(), directory, cleanUp };
  const rows = [
    ...(await playAll(setup, openShared, SHARED_SCENES, values.only)),
    ...(await playAll(setup, openEmbedded, EMBEDDED_SCENES, values.only)),
  ];
  if (rows.length === 0) throw new Error(`No scene has "${values.only}" in its name`);
  console.log(table(HEAD, rows));
}

const HEAD = [
  'scene',
  'answers to the attacker',
  'holds',
  'honest: p50, p99, longest, ms',
  'honest: answers',
  `event loop late, ms (aim ${MOST_LATE_MS})`,
  'changes of mode',
  'most MB of gateway, worker, Redis',
];

/** Each scene with processes of its own: what one leaves behind is not the next one's trouble. */
async function playAll(
  { root, directory, cleanUp }: StageSetup,
  open: (setup: StageSetup, environment: Scene['environment']) => Promise<Stage>,
  scenes: readonly Scene[],
  only: string,
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const { name, environment, play } of scenes.filter((scene) => scene.name.includes(only))) {
    const ofScene = new CleanUp();
    cleanUp.defer(() => ofScene.dispose());
    try {
      const stage = await open({ root, directory, cleanUp: ofScene }, environment);
      let outcome: Outcome | undefined;
      const seen = await observe(stage, async () => {
        outcome = await play(stage);
      });
      const against = [...(outcome?.against ?? []), ...whatEverySceneIsHeldAgainst(stage, seen)];
      if (against.length > 0) process.exitCode = 1;
      rows.push(rowOf(stage.redis ? name : `without Redis: ${name}`, outcome?.answers ?? '', against, seen));
      console.error(rows.at(-1)?.join(' | '));
    } finally {
      await ofScene.dispose();
    }
  }
  return rows;
}

/** Refusals for want of room (503) and for too many (429) are answers; silence and faults are not. */
function whatEverySceneIsHeldAgainst(stage: Stage, { statuses, modeChanges }: Observation): string[] {
  const odd = [...statuses].filter(([status]) => ![200, 202, 429, 503].includes(status));
  return [
    ...(stage.isUp() ? [] : ['the gateway died']),
    ...(modeChanges === 0 ? [] : [`${modeChanges} changes of mode`]),
    ...odd.map(([status, times]) => `the honest caller was answered ${status} ${times} times`),
  ];
}

function rowOf(name: string, answers: string, against: readonly string[], seen: Observation): string[] {
  const at = (share: number): string => (seen.waitsMs[Math.floor(share * (seen.waitsMs.length - 1))] ?? NaN).toFixed(0);
  return [
    name,
    answers,
    against.length === 0 ? 'yes' : `NO: ${against.join('; ')}`,
    `${at(0.5)}, ${at(0.99)}, ${at(1)}`,
    [...seen.statuses].map(([status, times]) => `${status}: ${times}`).join(', '),
    seen.lateMs.toFixed(0),
    String(seen.modeChanges),
    [seen.gatewayMb, seen.workerMb, seen.redisMb].map((mb) => mb.toFixed(0)).join(', '),
  ];
}

runWithCleanUp(main);
