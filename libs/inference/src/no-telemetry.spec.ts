import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Embeds one text with the built package, prints the vector's length, and lives on until its input ends. */
const SCRIPT = `
  const load = require('node:module').createRequire(process.argv[1]);
  const { openEmbedder } = load('@smart-support/inference');
  const { MODEL_DIRECTORY } = load('@smart-support/model-minilm');
  (async () => {
    const model = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 2 });
    const { vector } = await model.embed('The server is down.');
    await model.close();
    process.stdin.resume();
    console.log(vector.length);
  })();`;

/** An HTTP proxy that lets nothing through and records the first line of every request. */
class RefusingProxy extends EventEmitter<{ asked: [string] }> {
  readonly requests: string[] = [];
  private readonly server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      this.requests.push(data.toString('latin1').split('\r\n', 1)[0]!);
      this.emit('asked', this.requests.at(-1)!);
    });
  });

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }
}

/** A process whose home directory, working directory and temporary folder are one empty folder, behind a proxy of its own. */
class FreshProcess {
  private constructor(
    readonly proxy: RefusingProxy,
    private readonly folder: string,
    private readonly child: ReturnType<typeof spawn>,
  ) {}

  /** Resolves once the text is embedded. */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<FreshProcess> {
    const folder = await mkdtemp(path.join(tmpdir(), 'fresh-home-'));
    const proxy = new RefusingProxy();
    const url = await proxy.open();
    const proxies = { http_proxy: url, https_proxy: url, HTTPS_PROXY: url, all_proxy: url, ALL_PROXY: url };
    const child = spawn(process.execPath, ['-e', SCRIPT, __filename], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, USERPROFILE: folder, TMPDIR: folder, ...proxies, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [output] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(String(output)).toBe('384\n');
    return new FreshProcess(proxy, folder, child);
  }

  async end(): Promise<number | null> {
    this.child.stdin?.end();
    if (this.child.exitCode === null) await once(this.child, 'exit');
    this.proxy.close();
    return this.child.exitCode;
  }

  /** Everything in its folder, onnxruntime's own temporary files included. */
  async filesWritten(): Promise<string[]> {
    return readdir(this.folder, { recursive: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

describe('a process that imports this package and embeds a text', () => {
  const started: FreshProcess[] = [];
  const start = async (environment?: NodeJS.ProcessEnv): Promise<FreshProcess> => {
    const fresh = await FreshProcess.start(environment);
    started.push(fresh);
    return fresh;
  };
  afterEach(async () => {
    for (const fresh of started.splice(0)) {
      await fresh.end();
      await fresh.remove();
    }
  });

  it('writes no file into its home directory, working directory or temporary folder', async () => {
    const fresh = await start();
    expect(await fresh.end()).toBe(0);
    expect(await fresh.filesWritten()).toEqual([]);
  });

  it('keeps the value that the user has set', async () => {
    const fresh = await start({ ORT_DISABLE_TELEMETRY: '0' });
    expect(await fresh.end()).toBe(0);
    expect((await fresh.filesWritten()).some((name) => name.endsWith('deviceid'))).toBe(process.platform === 'linux');
  });

  // The process with telemetry is the clock: when it asks, some ten seconds after its start, the other one is older than that.
  (process.platform === 'linux' ? it : it.skip)(
    'asks for no host, while a younger one with telemetry has asked for that of its vendor',
    async () => {
      const quiet = await start();
      const chatty = await start({ ORT_DISABLE_TELEMETRY: '0' });
      if (chatty.proxy.requests.length === 0) await once(chatty.proxy, 'asked');
      expect(chatty.proxy.requests[0]).toContain('CONNECT mobile.events.data.microsoft.com:443');
      expect(quiet.proxy.requests).toEqual([]);
      expect(await quiet.filesWritten()).toEqual([]);
    },
  );
});
