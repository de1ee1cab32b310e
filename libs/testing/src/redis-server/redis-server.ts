import { rm } from 'node:fs/promises';
import { askRedis } from './ask-redis';
import { type RedisLaunch, RedisProcess } from './redis-process';
import type { RedisArgument, RedisReply } from './redis-protocol';
import type { ProcessReaper } from './process-reaper';

/** A real redis-server that belongs to one test. {@link startRedisServer} makes it. */
export class RedisServer {
  private paused = false;

  private constructor(
    private readonly launch: RedisLaunch,
    private readonly reaper: ProcessReaper,
    private process: RedisProcess,
  ) {}

  /** @throws PortTaken, and Error when the server does not come up */
  static async start(launch: RedisLaunch, reaper: ProcessReaper): Promise<RedisServer> {
    return new RedisServer(launch, reaper, await RedisProcess.launch(launch, reaper));
  }

  /** Address with password, as a client or `REDIS_URL` takes it. The same after a restart. */
  get url(): string {
    const { port, password } = this.launch;
    return `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`;
  }

  /** Its port on 127.0.0.1. The same after a restart. */
  get port(): number {
    return this.launch.port;
  }

  /** Whether the process is there, and not paused. */
  get serving(): boolean {
    return this.process.running && !this.paused;
  }

  /** The number of the process that runs, or ran last. Another one after a restart. */
  get pid(): number {
    return this.process.pid;
  }

  /** Where it keeps its files: data, the cluster's memory, and `redis.log` with what it said. */
  get directory(): string {
    return this.launch.directory;
  }

  /**
   * Sends one command on a connection of its own.
   * @returns what the server answers: text, number, null, or a list of these
   * @throws Error with the server's own words when it refuses, and when it cannot be reached or says nothing for 10 s
   */
  command(...args: readonly RedisArgument[]): Promise<RedisReply> {
    return askRedis(this.launch, args);
  }

  /** Ends the process and waits until it is gone; the directory stays for a {@link RedisServer.restart}. SIGKILL unless told otherwise. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.process.end(signal);
    this.paused = false;
    this.reaper.clearProcess();
  }

  /**
   * Starts it again on the same port and directory, after a SIGTERM if it still runs. What it remembers depends on
   * `appendOnly`.
   * @throws Error when it does not come up again
   */
  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    this.process = await RedisProcess.launch(this.launch, this.reaper);
  }

  /** Stops the process where it stands (SIGSTOP): connections stay, nobody answers. */
  pause(): void {
    this.paused = true;
    this.process.signal('SIGSTOP');
  }

  /** Lets a paused process go on (SIGCONT). */
  resume(): void {
    this.paused = false;
    this.process.signal('SIGCONT');
  }

  /** Ends the process, running, paused or gone, and removes its directory. */
  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    // A child that was just rewriting the append-only file may still be writing.
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10 });
    await this.reaper.close();
  }
}
