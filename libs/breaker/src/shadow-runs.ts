import { SmartSupportError } from '@smart-support/contracts';
import { WatchedRun, type ModelCall, type RunContext } from './watched-run';

/** How often an open breaker's model is tried. */
export interface ShadowTimes {
  /** Milliseconds from the opening, or from one start, to the next. */
  readonly probeMs: number;
  /** Milliseconds without a call, after which the probe is used. */
  readonly idleProbeMs: number;
}

/**
 * Lets an open breaker close: now and then a call goes to the model in the shadow. No caller waits for it and its answer is dropped,
 * but the breaker counts it. Users' calls are used while there are any that make the model run, a fixed probe when there are none.
 */
export class ShadowRuns {
  private inFlight: WatchedRun<unknown> | undefined;
  /** When the last one began, or the breaker opened. */
  private lastAt = 0;
  private isActive = false;
  /** The last shadow was answered without a run, by a cache: in a storm of equal texts the next one would be too. */
  private lastCallDidNotRun = false;
  private cancelProbe = (): void => {};

  constructor(
    private readonly context: RunContext,
    private readonly times: ShadowTimes,
    private readonly probe: ModelCall<unknown>,
  ) {}

  /** The breaker is open. */
  activate(): void {
    if (this.isActive) return;
    this.isActive = true;
    this.lastAt = this.context.clock.monotonic();
    this.probeAfter(this.times.idleProbeMs);
  }

  /** The breaker is closed again. A run in flight goes on. */
  deactivate(): void {
    this.isActive = false;
    this.cancelProbe();
  }

  /** Called for each call while the breaker is open: runs it in the shadow if one is due. */
  offerCall(call: ModelCall<unknown>): void {
    // A listener that runs before the guard's own may already call the model.
    this.activate();
    this.probeAfter(this.times.idleProbeMs);
    this.runIfDue(this.lastCallDidNotRun ? this.probe : call);
  }

  /** Ends everything. */
  close(error: SmartSupportError): void {
    this.deactivate();
    this.inFlight?.abandon(error);
  }

  private probeAfter(milliseconds: number): void {
    this.cancelProbe();
    this.cancelProbe = this.context.clock.after(milliseconds, () => {
      const dueInMs = this.dueInMs();
      // Set first: the probe itself may close the guard.
      this.probeAfter(dueInMs > 0 ? Math.max(1, dueInMs) : this.times.probeMs);
      this.runIfDue(this.probe);
    });
  }

  private runIfDue(call: ModelCall<unknown>): void {
    if (this.inFlight || this.dueInMs() > 0) return;
    this.lastAt = this.context.clock.monotonic();
    const run = new WatchedRun(
      this.context,
      {
        waitedTooLong: () => run.abortIfWaiting(new SmartSupportError('overloaded', 'The shadow found no free thread')),
        ended: ({ answered }) => {
          this.inFlight = undefined;
          this.lastCallDidNotRun = answered && !run.hasStarted;
        },
      },
      true,
    );
    this.inFlight = run;
    run.begin(call);
  }

  private dueInMs(): number {
    return this.lastAt + this.times.probeMs - this.context.clock.monotonic();
  }
}
