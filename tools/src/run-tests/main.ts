import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureServers } from '../ensure-servers/ensure-servers';
import { type Project, listProjects } from '../workspace/projects';
import { type JestSummary, type TaskOutcome, countResults, failureLines, totalsLine } from './count-results';

/**
 * `npm test`: lint, types, tests and packages of every project, then one line with the totals.
 * Further arguments go to Nx: `npm test -- --skip-nx-cache`, `npm test -- -p broker`.
 * It is compiled separately, before Nx, so that it can report when nothing else compiles.
 */
const root = process.cwd();
/** A test that never ends must not block a machine. */
const PATIENCE_MS = 14 * 60_000;
const TARGETS = ['lint', 'typecheck', 'test', 'package-check'];

/** The output of `tools/nx/task-results.cjs`. */
type TaskResults = readonly { readonly project: string; readonly target: string; readonly status: string }[];

const SUCCESSES = ['success', 'local-cache', 'local-cache-kept-existing', 'remote-cache'];

const taskResultsFile = join(root, 'tools', 'out-tsc', 'task-results.json');
const summaryFile = ({ directory }: Project): string => join(directory, 'test-output', 'summary.json');

function forgetLastRun(projects: readonly Project[]): void {
  for (const file of [taskResultsFile, ...projects.map(summaryFile)]) rmSync(file, { force: true });
}

/** Tests that need a real server are part of the run: without one it cannot start. */
function haveServers(): boolean {
  const servers = ensureServers(console.log);
  for (const server of servers) if (!server.ready) console.error(server.reason);
  return servers.every(({ ready }) => ready);
}

/**
 * Compiles everything in one process: the build and typecheck tasks of Nx, a process each, then find their work done. What does not compile is reported by those tasks.
 */
function compile(): void {
  spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['--build', 'tsconfig.json'], { cwd: root, stdio: 'ignore' });
}

function runTargets(): number {
  const nx = join(root, 'node_modules', '.bin', 'nx');
  const args = ['run-many', '-t', ...TARGETS, '--parallel=2', '--outputStyle=static', ...process.argv.slice(2)];
  const env = {
    ...process.env,
    CI: 'true',
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    TASK_RESULTS_FILE: taskResultsFile,
  };
  const { status, error } = spawnSync(nx, args, { cwd: root, env, stdio: 'inherit', timeout: PATIENCE_MS });
  if (error) console.error(error.message);
  return status ?? 1;
}

function readTasks(): readonly TaskOutcome[] {
  if (!existsSync(taskResultsFile)) return [];
  const results = JSON.parse(readFileSync(taskResultsFile, 'utf8')) as TaskResults;
  return results.map(({ project, target, status }) => ({ project, target, succeeded: SUCCESSES.includes(status) }));
}

function readSummaries(projects: readonly Project[]): ReadonlyMap<string, JestSummary> {
  return new Map(
    projects
      .filter((project) => existsSync(summaryFile(project)))
      .map((project) => [project.name, JSON.parse(readFileSync(summaryFile(project), 'utf8')) as JestSummary]),
  );
}

const projects = listProjects(root);
forgetLastRun(projects);
let exitCode = 1;
if (haveServers()) {
  compile();
  exitCode = runTargets();
}
const tasks = readTasks();
const summaries = readSummaries(projects);
const totals = countResults(tasks, summaries, exitCode);
for (const failure of failureLines(tasks, summaries)) console.log(failure);
console.log(totalsLine(totals));
process.exitCode = totals.failed > 0 ? 1 : 0;
