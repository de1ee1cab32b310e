/** Clean-up steps of a run; each runs once, in the opposite order. */
export class CleanUp {
  private readonly steps: (() => void | Promise<void>)[] = [];
  private running: Promise<void> | undefined;

  /** Adds a step; runs it at once if the others have already run. */
  defer(step: () => void | Promise<void>): void {
    if (this.running) this.running = this.running.then(() => attempt(step));
    else this.steps.push(step);
  }

  /** Runs all steps, also after one that fails. */
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
