import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startRedisServer } from '@smart-support/testing';

const MAIN = join(__dirname, '..', 'dist', 'main.js');

/** Starts the built gateway as an operator would and collects what it says. */
function start(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'] ?? '', ...env } });
  const output = { out: '', err: '' };
  child.stdout?.on('data', (data: Buffer) => (output.out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output.err += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const port = new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const line = output.out.split('\n').find((candidate) => candidate.includes('"listening"'));
      if (line?.endsWith('}')) resolve((JSON.parse(line) as { port: number }).port);
    });
    child.on('close', () => reject(new Error(`ended before it listened: ${output.err}`)));
  });
  port.catch(() => undefined);
  return { child, output, ended, port };
}

describe('the gateway as a process', () => {
  it('a taken port: one clear sentence and exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { ended, output } = start({ PORT: String(port) });
    try {
      expect(await ended).toBe(1);
      expect(output.err.trim()).toBe(
        `Cannot listen on 127.0.0.1:${port}: the port is taken. Set PORT or HOST to change it.`,
      );
    } finally {
      // Else a test that fails would keep the runner from ending.
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('an unreadable AGENTS_FILE: one clear sentence and exit code 1', async () => {
    const { ended, output } = start({ PORT: '0', AGENTS_FILE: '/nowhere/agents.json' });
    expect(await ended).toBe(1);
    expect(output.err.trim()).toBe('AGENTS_FILE "/nowhere/agents.json" cannot be read (ENOENT).');
  });

  it('a bad AGENTS_FILE: every problem listed, exit code 1', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-'));
    const file = join(folder, 'agents.json');
    writeFileSync(
      file,
      JSON.stringify({ agents: [{ id: 'a', name: '', skills: { Sales: 1 }, capacity: -1, status: 'available' }] }),
    );
    const { ended, output } = start({ PORT: '0', AGENTS_FILE: file });
    expect(await ended).toBe(1);
    for (const field of ['name', 'skills', 'capacity']) expect(output.err).toContain(`agents.0.${field}`);
    expect(output.err).not.toContain('    at ');
    rmSync(folder, { recursive: true });
  });

  it('an unknown host: one clear sentence and exit code 1', async () => {
    const { ended, output } = start({ PORT: '0', HOST: 'nowhere.invalid', ALLOW_ANONYMOUS: '1' });
    expect(await ended).toBe(1);
    expect(output.err).toMatch(/^Cannot listen: the name in HOST is not known here/);
    expect(output.err).not.toContain('    at ');
  });

  it('wrong environment values: one message that lists them all, exit code 1', async () => {
    const { ended, output } = start({ PORT: 'eighty', QUEUE_MAX: '-5', LOG_LEVEL: 'loud' });
    expect(await ended).toBe(1);
    for (const name of ['PORT', 'QUEUE_MAX', 'LOG_LEVEL', 'eighty', '-5', 'loud']) expect(output.err).toContain(name);
    expect(output.err).not.toContain('    at ');
  });

  it('a database that Redis does not have: one clear sentence and exit code 1', async () => {
    const redis = await startRedisServer();
    try {
      const { ended, output } = start({ PORT: '0', MODEL_FALLBACK: '1', REDIS_URL: `${redis.url}/99` });
      expect(await ended).toBe(1);
      expect(output.err.trim()).toBe(
        'The database 99 of REDIS_URL cannot be selected: Redis answers "ERR DB index is out of range".',
      );
      expect(await redis.command('DBSIZE')).toBe(0);
    } finally {
      await redis.stop();
    }
  });

  it.each([
    ['stopped', false],
    ['killed by a second signal while a request holds up the stop', true],
  ])('without Redis, %s, it lists the tickets that end with it', async (_how, isHeldUp) => {
    const { child, ended, port, output } = start({ PORT: '0', MODEL_FALLBACK: '1' });
    const url = `http://127.0.0.1:${await port}`;
    const headers = { 'content-type': 'application/json' };
    for (const id of ['first', 'second', 'done']) {
      const body = JSON.stringify({ id, text: `my invoice ${id} is wrong` });
      expect((await fetch(`${url}/ticket`, { method: 'POST', headers, body })).status).toBe(200);
    }
    expect((await fetch(`${url}/tickets/done/complete`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    // A body of which the rest never comes is waited for, for 5 s.
    const pending = isHeldUp
      ? request(`${url}/ticket`, { method: 'POST', headers: { ...headers, 'content-length': 100 } })
      : undefined;
    pending?.on('error', () => undefined).write('{"text":');
    await fetch(`${url}/livez`);
    child.kill('SIGTERM');
    if (pending) {
      // Sooner, a second signal counts as the same wish.
      await setTimeout(1_200);
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(isHeldUp ? null : 0);
    pending?.destroy();
    const lines = output.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => String(msg).includes('end with this process'))).toMatchObject([
      { level: 'error', tickets: 2 },
      { level: 'error', ticket_ids: ['first', 'second'] },
    ]);
  });

  it('a Service named worker, and settings that only workers use, do not stop it; idle connections are kept', async () => {
    const { child, ended, port, output } = start({
      PORT: '0',
      WORKER_PORT: 'tcp://10.0.0.1:8001',
      WORKER_SERVICE_HOST: '10.0.0.1',
      WORKER_CONCURRENCY: 'many',
      MODEL_FALLBACK: '1',
    });
    const answer = await fetch(`http://127.0.0.1:${await port}/livez`);
    expect([answer.status, answer.headers.get('keep-alive')]).toEqual([200, 'timeout=65']);
    expect(output.out).not.toContain('a setting was ignored');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('on SIGTERM it answers the request it has begun to read, then ends with exit code 0', async () => {
    const { child, ended, port } = start({ PORT: '0' });
    const url = `http://127.0.0.1:${await port}/ticket`;
    // A body that comes in two halves: the signal arrives between them.
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const body = writable.getWriter();
    const answer = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: readable,
      duplex: 'half',
    } as RequestInit);
    await body.write(Buffer.from('{"text":"my invoice '));
    // The gateway has the first half once it has served another request after it.
    await fetch(`${url.slice(0, -'/ticket'.length)}/livez`);
    child.kill('SIGTERM');
    await body.write(Buffer.from('is wrong"}'));
    await body.close();
    expect((await answer).status).toBe(200);
    expect(await ended).toBe(0);
  });
});
