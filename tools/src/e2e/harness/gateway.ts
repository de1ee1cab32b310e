import { type AppLaunch, AppProcess } from './app-process';

/** The gateway of an environment, on the same port after every restart. */
export class Gateway {
  private process: AppProcess | undefined;

  constructor(
    /** On 127.0.0.1. */
    readonly port: number,
    private readonly launch: AppLaunch,
  ) {}

  /** Whether its process runs. */
  get isRunning(): boolean {
    return this.process?.isRunning ?? false;
  }

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
