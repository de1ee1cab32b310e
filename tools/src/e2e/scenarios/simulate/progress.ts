/** How often it is shown, in milliseconds. */
const PLAIN_MS = 5000;
const TTY_MS = 250;

/** Shows how the day goes: lines that change in place on a terminal, new lines every few seconds elsewhere. */
export class Progress {
  private readonly timer: NodeJS.Timeout;
  private shown = 0;
  private ended = false;

  /** @param lines - what to show */
  constructor(
    private readonly lines: () => readonly string[],
    private readonly out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
  ) {
    this.timer = setInterval(() => this.show(), out.isTTY ? TTY_MS : PLAIN_MS);
    this.timer.unref();
  }

  /** Says something that stays. */
  tell(what: string): void {
    this.out.write(`${this.wipe()}${what}\n`);
    if (this.out.isTTY && !this.ended) this.show();
  }

  /** Shows how it ended, and no more. */
  end(): void {
    if (this.ended) return;
    this.show();
    this.ended = true;
    clearInterval(this.timer);
    this.shown = 0;
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

  /** Back to where the lines begin, and nothing below. */
  private wipe(): string {
    const up = this.out.isTTY && this.shown > 0 ? `\u001B[${this.shown}A\r\u001B[J` : '';
    this.shown = 0;
    return up;
  }
}
