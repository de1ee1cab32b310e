import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from './app-process';
import { ProcessReaper } from './process-reaper';

let directory: string;
const running: AppProcess[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaos-spec-'));
});
afterEach(() => Promise.all(running.splice(0).map((app) => app.kill())));
afterAll(() => rmSync(directory, { recursive: true }));

function start(program: string): AppProcess {
  const name = `app-${running.length}-${Date.now()}`;
  const script = join(directory, `${name}.js`);
  writeFileSync(script, program);
  const app = AppProcess.start({ script, environment: { WHO: 'me' }, logFile: join(directory, `${name}.log`) });
  running.push(app);
  return app;
}

const READY = 'console.log(JSON.stringify({ msg: "ready", who: process.env.WHO }));';
const STAY = 'setInterval(() => undefined, 1000);';

const isThere = (pid: number): boolean => {
  try {
    // A zombie process counts as ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('an app as a process of its own', () => {
  it('is ready when its log has the line, and has ended after a kill', async () => {
    const app = start(READY + STAY);
    expect(await app.waitForLog('ready')).toBe(true);
    expect(app.isRunning).toBe(true);
    await app.kill();
    expect(app.isRunning).toBe(false);
  });

  it('that ends by itself is an error, with its last words', async () => {
    const app = start('console.error("no model"); process.exitCode = 1;');
    await expect(app.waitForLog('ready')).rejects.toThrow('no model');
  });

  it('that is killed before it is ready is none', async () => {
    const app = start(STAY);
    const ready = app.waitForLog('ready');
    await app.kill();
    expect(await ready).toBe(false);
  });

  it('does not run while it is stopped, and can be killed all the same', async () => {
    const app = start(READY + STAY);
    await app.waitForLog('ready');
    app.pause();
    expect(app.isRunning).toBe(false);
    app.resume();
    expect(app.isRunning).toBe(true);
    app.pause();
    await app.kill();
    expect(isThere(app.pid)).toBe(false);
  });
});

describe('a warden', () => {
  it('kills its process when the tool ends', async () => {
    const watched = spawn('sleep', ['60']);
    const ended = new Promise((resolve) => watched.once('exit', resolve));
    const warden = new ProcessReaper(watched.pid ?? 0);
    warden.closeInput();
    await ended;
    expect(watched.signalCode).toBe('SIGKILL');
  });

  it('that was dismissed ends nothing', async () => {
    const watched = spawn('sleep', ['60']);
    const warden = new ProcessReaper(watched.pid ?? 0);
    await warden.close();
    await sleep(50);
    expect(isThere(watched.pid ?? 0)).toBe(true);
    watched.kill();
  });
});
