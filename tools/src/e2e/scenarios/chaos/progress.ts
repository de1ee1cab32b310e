/** How often a line is written where none can be overwritten, in milliseconds. */
const PLAIN_MS = 5000;
const TTY_MS = 250;

/** Shows how far a run is: one line that changes on a terminal, a new line every few seconds elsewhere. */
export class Progress {
  private readonly start = Date.now();
  private readonly timer: NodeJS.Timeout;
  private ended = false;

  /** @param line - what to show */
  constructor(
    private readonly line: () => string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {
    this.timer = setInterval(() => this.show(), out.isTTY ? TTY_MS : PLAIN_MS);
    this.timer.unref();
  }

  /** Says something that stays. */
  tell(what: string): void {
    this.out.write(`${this.out.isTTY ? '\r\u001B[K' : ''}${this.time()}  ${what}\n`);
  }

  /** Shows how far it came, and no more. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.timer);
    this.show();
    if (this.out.isTTY) this.out.write('\n');
  }

  private show(): void {
    const text = `${this.time()}  ${this.line()}`;
    if (!this.out.isTTY) this.out.write(`${text}\n`);
    else this.out.write(`\r\u001B[K${text.slice(0, Math.max(20, this.out.columns - 1))}`);
  }

  private time(): string {
    return `${((Date.now() - this.start) / 1000).toFixed(1).padStart(6)} s`;
  }
}
