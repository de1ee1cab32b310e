import { cpus, loadavg } from 'node:os';
import type { HealthReport } from '@smart-support/contracts';
import { readSampleTexts } from '../../../bench/sample-tickets';
import { waitUntilIdle } from '../../harness/wait-until-idle';
import type { CleanUp } from '../../harness/clean-up';
import { Ledger } from '../../harness/ledger';
import { scenarioOfTicket } from './day/scenario';
import { type Day, dayClock, planDay } from './day/day';
import { SHORT_DAY, WHOLE_DAY } from './day/timetable';
import { Progress } from '../../harness/progress';
import { auditDay } from './audit/day-audits';
import { type DayEvidence, gatherDayEvidence } from './audit/day-evidence';
import { type DayEnvironment, startDayEnvironment } from './environment';
import { outcomeOf } from './outcomes';
import type { PerformedAction } from './play/actions';
import { playDay } from './play/play';
import { Recorder } from './recorder/recorder';
import type { Recording } from './recorder/recording';
import { ROSTER } from './roster';
import { CHANGED_SETTINGS } from './settings';

/** How a day is simulated. */
export interface SimulateSetup {
  readonly seed: number;
  readonly isShort: boolean;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of the directory for logs. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/** Plays a day with real processes, and audits it. */
export async function simulate(setup: SimulateSetup): Promise<Recording> {
  const { seed, isShort, root, cleanUp } = setup;
  const day = planDay(seed, isShort ? SHORT_DAY : WHOLE_DAY, readSampleTexts(root));
  let isOver = false;
  cleanUp.defer(() => {
    isOver = true;
  });
  let lines = (): readonly string[] => ['starting Redis, the gateway, two workers and the receiver'];
  const progress = new Progress(() => lines());
  cleanUp.defer(() => progress.stop());
  const parts = await startDayEnvironment(setup);

  const ledger = new Ledger();
  const beginning = Date.now();
  const clock = (): string => dayClock(Date.now() - beginning);
  const recorder = new Recorder(parts, beginning);
  recorder.start();
  cleanUp.defer(() => recorder.stop());
  lines = () => statusLines(clock(), ledger, recorder, parts);
  const actions = await playDay({
    day,
    parts,
    ledger,
    beginning,
    isOver: () => isOver,
    onScenario: ({ title, story }) => progress.print(`${clock()}  ${title.toUpperCase()}: ${story}`),
    onAction: ({ text }) => progress.print(`${clock()}    ${text}`),
  });
  progress.print(`${clock()}  Everything is sent; waiting until nothing is left to do.`);
  const left = await waitUntilIdle({
    workerPool: parts.environment.workerPool,
    agents: parts.agents,
    isStopped: () => isOver,
    onLeft: () => undefined,
    left: async () =>
      new Map([...(await parts.reader.sizes(ROSTER.map(({ id }) => id)))].filter(([, size]) => size > 0)),
  });
  await recorder.stop();
  const lengthMs = Date.now() - beginning;
  progress.stop();
  if (isOver) throw new Error('Stopped before the end: there is no report.');
  const evidence = await gatherDayEvidence({ day, parts, ledger, actions, left, recorder });
  return {
    seed,
    isShort,
    lengthMs,
    startedAt: new Date(beginning).toISOString(),
    // Latencies depend on the load by other processes.
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}, load ${(loadavg()[1] ?? 0).toFixed(1)}`,
    versions: await versionsOf(parts),
    settings: CHANGED_SETTINGS,
    ...record(day, evidence, recorder, ledger, actions, beginning),
    findings: auditDay(evidence),
  };
}

function statusLines(
  clock: string,
  ledger: Ledger,
  recorder: Recorder,
  { environment }: DayEnvironment,
): readonly string[] {
  const { tally, listed } = recorder;
  const last = recorder.samples.at(-1);
  const count = (...statuses: readonly string[]): number =>
    listed.filter(({ status }) => statuses.includes(status)).length;
  return [
    `${clock}  sent ${ledger.size}  routed ${tally.routed}  suppressed ${tally.count('suppressed')}  ` +
      `waiting ${tally.count('waiting')}  completed ${tally.count('completed')}`,
    `       queue ${last?.queued ?? 0}  breaker ${last?.breaker ?? '-'}  mode ${last?.mode ?? '-'}  ` +
      `workers ${environment.workerPool.readyCount}  incidents ${count('open', 'quiet')} open, ${count('suspected')} suspected, ${count('resolved', 'rejected')} ended`,
  ];
}

async function versionsOf({ operators, redis }: DayEnvironment): Promise<Readonly<Record<string, string>>> {
  const { body } = await operators.send('GET', '/health');
  const server = String(await redis.command('INFO', 'server'));
  return {
    'smart-support': (body as HealthReport).version,
    'Node.js': process.version.slice(1),
    Redis: /redis_version:(?<version>\S+)/.exec(server)?.groups?.['version'] ?? 'unknown',
  };
}

type Recorded = Pick<
  Recording,
  'scenarios' | 'marks' | 'samples' | 'posts' | 'decisions' | 'agents' | 'incidents' | 'numbers'
>;

function record(
  { scenarios }: Day,
  evidence: DayEvidence,
  { samples, changes }: Recorder,
  ledger: Ledger,
  actions: readonly PerformedAction[],
  beginning: number,
): Recorded {
  const entries = ledger.entries();
  const decided = new Map<string, number>();
  for (const { atMs, ticketId, status } of changes)
    if (['assigned', 'waiting', 'suppressed'].includes(status) && !decided.has(ticketId)) decided.set(ticketId, atMs);
  return {
    samples,
    scenarios: scenarios.map(({ tickets, actions: _actions, ...scenario }) => ({
      ...scenario,
      tickets: tickets.length,
      outcome: outcomeOf(scenario, evidence, samples),
    })),
    marks: actions.map(({ at, title, text }) => ({ atMs: at - beginning, title, text })),
    posts: entries.flatMap(({ id, answers }) =>
      answers.map(({ sentAt, waitedMs, status }) => {
        return { atMs: sentAt - beginning, scenario: scenarioOfTicket(id) ?? 'office', waitedMs, status };
      }),
    ),
    decisions: entries.flatMap(({ id, answers: [first] }) => {
      const at = decided.get(id);
      return first === undefined || at === undefined
        ? []
        : [{ atMs: first.sentAt - beginning, tookMs: Math.max(0, at - (first.sentAt - beginning)) }];
    }),
    agents: ROSTER.map(({ id, name, capacity }) => ({ id, name, capacity })),
    incidents: evidence.incidents.map(({ members: _members, ...incident }) => incident),
    numbers: {
      'tickets sent': ledger.size,
      'alerts delivered': evidence.webhooks.filter(({ type, delivered }) => type === 'ticket.urgent' && delivered > 0)
        .length,
      'suppressed at most': Math.max(0, ...samples.map(({ suppressed }) => suppressed)),
    },
  };
}
