/** What was started and must not outlive the run; ended in the opposite order, once, whatever happens. */
export class CleanUp {
  private readonly steps: (() => void | Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  /** Remembers how to end something that is just being started. Ends it at once if everything is over already. */
  defer(step: () => void | Promise<void>): void {
    if (this.running) this.running = this.running.then(() => attempt(step));
    else this.steps.push(step);
  }

  /** Ends everything; a step that fails does not keep the others from being taken. */
  dispose(): Promise<void> {
    this.running ??= (async () => {
      for (const step of this.steps.reverse()) await attempt(step);
    })();
    return this.running;
  }
}

async function attempt(step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    console.error('Cleaning up:', error instanceof Error ? error.message : error);
  }
}
