import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_ROSTER } from '@smart-support/agent-registry';
import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { packageVersion } from './package-version';
import { injectFaults, warnOfFaultFile } from './fault-injection/inject-faults';
import { readRoster } from './roster-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runtime-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a roster file', () => {
  it('is not needed: a demo roster stands in', async () => {
    expect(await readRoster(undefined)).toBe(DEMO_ROSTER);
  });

  it('names the agents', async () => {
    const file = join(folder, 'agents.json');
    await writeFile(file, JSON.stringify({ agents: DEMO_ROSTER.slice(0, 2) }));
    expect(await readRoster(file)).toEqual(DEMO_ROSTER.slice(0, 2));
  });

  it('that is not there, or no file, is named with the reason', async () => {
    const missing = join(folder, 'missing.json');
    await expect(readRoster(missing)).rejects.toMatchObject({
      code: 'invalid_config',
      message: `AGENTS_FILE "${missing}" cannot be read (ENOENT).`,
    });
    await expect(readRoster(folder)).rejects.toMatchObject({ message: expect.stringContaining('EISDIR') as string });
  });

  it('that is wrong is refused with everything that is wrong in it', async () => {
    const file = join(folder, 'agents.json');
    await writeFile(file, JSON.stringify({ agents: [{ ...DEMO_ROSTER[0], name: '', capacity: -1 }] }));
    const { issues } = (await readRoster(file).catch((error: unknown) => error)) as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path).sort()).toEqual(['agents.0.capacity', 'agents.0.name']);
  });
});

describe('the version of a program', () => {
  it('stands in its package.json', async () => {
    await writeFile(join(folder, 'package.json'), '{"version": "1.2.3"}');
    expect(packageVersion(folder)).toBe('1.2.3');
  });
});

describe('a fault injection file', () => {
  /** Watches the file, and records the faults for models. */
  function follow(allowed: boolean, file: string | undefined) {
    const injected: unknown[] = [];
    const log: string[] = [];
    const write = (line: string): void => void log.push((JSON.parse(line) as { msg: string }).msg);
    const logger = createLogger({ level: 'info', name: 'spec', destination: { write } });
    const settings = { allowed, file };
    warnOfFaultFile(settings, logger);
    const inject = (fault: unknown): void => void injected.push(fault);
    return { injected, log, follower: injectFaults(settings, 'inference', inject, logger, new VirtualClock()) };
  }

  it('is injected into its part from when that changes until it is no longer watched', async () => {
    const file = join(folder, 'faults.json');
    const { injected, log, follower } = follow(true, file);
    await writeFile(file, '{"inference": {"delay_ms": 700}}');
    await follower?.look();
    await writeFile(file, '{"inference": {"delay_ms": 700}, "webhook": {"delay_ms": 5}}');
    await follower?.look();
    await writeFile(file, '{"inference": {"error": "fail"}}');
    await follower?.look();
    follower?.stop();
    expect(injected).toEqual([{ delay_ms: 700 }, { error: 'fail' }, undefined]);
    expect(log).toEqual(['faults are injected', 'faults are injected', 'no faults are injected any more']);
  });

  it('that is invalid is reported and injects nothing', async () => {
    const file = join(folder, 'faults.json');
    await writeFile(file, '{"inference": {"delay": 700}}');
    const { injected, log, follower } = follow(true, file);
    await follower?.look();
    follower?.stop();
    expect(log).toEqual(['the fault injection file cannot be used']);
    expect(injected).toEqual([]);
  });

  it('that is not allowed is not watched, which is logged', () => {
    const { follower, log } = follow(false, join(folder, 'faults.json'));
    expect(follower).toBeUndefined();
    expect(log).toEqual(['FAULT_INJECTION_FILE is not honoured: that needs ALLOW_FAULT_INJECTION=1']);
  });

  it('that is not configured is not logged', () => {
    const { follower, log } = follow(true, undefined);
    expect(follower).toBeUndefined();
    expect(log).toEqual([]);
  });
});
