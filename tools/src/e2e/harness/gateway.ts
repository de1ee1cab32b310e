import { type AppLaunch, AppProcess } from './app-process';

/** The one gateway: the same port for every process that plays it. */
export class Gateway {
  private process: AppProcess | undefined;

  constructor(
    /** On 127.0.0.1. */
    readonly port: number,
    private readonly launch: AppLaunch,
  ) {}

  /** Starts it and waits until it listens. */
  async start(): Promise<void> {
    this.process = AppProcess.start(this.launch);
    await this.process.waitForLog('listening');
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }
}
