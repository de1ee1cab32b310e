import { rm } from 'node:fs/promises';
import { askRedis } from './ask-redis';
import { type RedisLaunch, RedisProcess } from './redis-process';
import type { RedisArgument, RedisReply } from './redis-protocol';
import type { ProcessReaper } from './process-reaper';

/** A real redis-server of one test. {@link startRedisServer} creates it. */
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

  /** Address with password, in the form of `REDIS_URL`. The same after a restart. */
  get url(): string {
    const { port, password } = this.launch;
    return `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`;
  }

  /** Its port on 127.0.0.1. The same after a restart. */
  get port(): number {
    return this.launch.port;
  }

  /** Whether the process exists, and is not paused. */
  get serving(): boolean {
    return this.process.running && !this.paused;
  }

  /** The process id, also of one that has ended. Another one after a restart. */
  get pid(): number {
    return this.process.pid;
  }

  /** Directory of its files: data, the cluster's state, and `redis.log` with its output. */
  get directory(): string {
    return this.launch.directory;
  }

  /**
   * Sends one command on a connection of its own.
   * @returns the reply: text, number, null, or a list of these
   * @throws Error with the message of the server when it refuses, and when it cannot be reached or does not answer for 10 s
   */
  command(...args: readonly RedisArgument[]): Promise<RedisReply> {
    return askRedis(this.launch, args);
  }

  /** Ends the process and waits until it has ended; the directory stays for a {@link RedisServer.restart}. SIGKILL by default. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.process.end(signal);
    this.paused = false;
    this.reaper.clearProcess();
  }

  /**
   * Starts it again on the same port and directory, after a SIGTERM if it still runs. Whether its data is kept depends on
   * `appendOnly`.
   * @throws Error when it does not come up again
   */
  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    this.process = await RedisProcess.launch(this.launch, this.reaper);
  }

  /** Pauses the process (SIGSTOP): connections stay, without answers. */
  pause(): void {
    this.paused = true;
    this.process.signal('SIGSTOP');
  }

  /** Continues a paused process (SIGCONT). */
  resume(): void {
    this.paused = false;
    this.process.signal('SIGCONT');
  }

  /** Ends the process, running or paused, and removes its directory. */
  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    // A child that was rewriting the append-only file may still be writing.
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10 });
    await this.reaper.close();
  }
}
