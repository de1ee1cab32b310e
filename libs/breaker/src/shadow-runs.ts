import { SmartSupportError } from '@smart-support/contracts';
import { WatchedRun, type ModelCall, type RunContext } from './watched-run';

/** How often an open breaker's model is tried. */
export interface ShadowTimes {
  /** Milliseconds from the opening, or from one start, to the next. */
  readonly probeMs: number;
  /** Milliseconds without anybody asking, after which the probe takes over. */
  readonly idleProbeMs: number;
}

/**
 * What lets an open breaker heal: now and then a call goes to the model in the shadow. Nobody waits for it and its answer is thrown away,
 * but the breaker counts it. Users' calls are taken while there are any that make the model run, a fixed probe when there are none.
 */
export class ShadowRuns {
  private inFlight: WatchedRun<unknown> | undefined;
  /** When the last one began, or the breaker opened. */
  private lastAt = 0;
  private isOn = false;
  /** The last shadow was answered without a run, by a cache: in a storm of equal texts the next one would be too. */
  private callsTellNothing = false;
  private takeBackProbe = (): void => {};

  constructor(
    private readonly context: RunContext,
    private readonly times: ShadowTimes,
    private readonly probe: ModelCall<unknown>,
  ) {}

  /** The breaker is open. */
  open(): void {
    if (this.isOn) return;
    this.isOn = true;
    this.lastAt = this.context.clock.monotonic();
    this.probeAfter(this.times.idleProbeMs);
  }

  /** The breaker is closed again. A run in flight goes on. */
  shut(): void {
    this.isOn = false;
    this.takeBackProbe();
  }

  /** Somebody asked while the breaker is open: takes the call along if one is due. */
  asked(call: ModelCall<unknown>): void {
    // A listener that is told of the opening before the guard may already ask.
    this.open();
    this.probeAfter(this.times.idleProbeMs);
    this.runIfDue(this.callsTellNothing ? this.probe : call);
  }

  /** Ends everything. */
  close(error: SmartSupportError): void {
    this.shut();
    this.inFlight?.abandon(error);
  }

  private probeAfter(milliseconds: number): void {
    this.takeBackProbe();
    this.takeBackProbe = this.context.clock.after(milliseconds, () => {
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
          this.callsTellNothing = answered && !run.hasStarted;
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
