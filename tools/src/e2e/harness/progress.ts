/** Milliseconds between two updates, where lines cannot be overwritten and on a terminal. */
const PLAIN_MS = 5000;
const TTY_MS = 250;

/** Shows how far a run is: lines that change in place on a terminal, new lines every few seconds elsewhere. */
export class Progress {
  private readonly start = Date.now();
  private readonly timer: NodeJS.Timeout;
  private shown = 0;
  private ended = false;

  /** @param lines - the lines to show */
  constructor(
    private readonly lines: () => readonly string[],
    private readonly out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
  ) {
    this.timer = setInterval(() => this.show(), out.isTTY ? TTY_MS : PLAIN_MS);
    this.timer.unref();
  }

  /** Prints a line that stays. */
  print(line: string): void {
    this.out.write(`${this.wipe()}${line}\n`);
    if (this.out.isTTY && !this.ended) this.show();
  }

  /** As {@link print}, after the seconds since the beginning. */
  printTimed(line: string): void {
    this.print(`${this.time()}  ${line}`);
  }

  /** Shows the last state, and stops. */
  stop(): void {
    if (this.ended) return;
    this.show();
    this.ended = true;
    clearInterval(this.timer);
    this.shown = 0;
  }

  /** Seconds since the beginning, for a line. */
  time(): string {
    return `${((Date.now() - this.start) / 1000).toFixed(1).padStart(6)} s`;
  }

  private show(): void {
    const lines = this.lines();
    if (!this.out.isTTY) {
      this.out.write(`${lines.join('  ')}\n`);
      return;
    }
    const fitting = lines.map((line) => line.slice(0, Math.max(20, this.out.columns - 1)));
    this.out.write(`${this.wipe()}${fitting.join('\n')}\n`);
    this.shown = lines.length;
  }

  /** Moves back to where the lines begin and clears them. */
  private wipe(): string {
    const up = this.out.isTTY && this.shown > 0 ? `\u001B[${this.shown}A\r\u001B[J` : '';
    this.shown = 0;
    return up;
  }
}
