import { createServer } from 'node:http';

/** Requests still unanswered after this time are cut off. No answer takes so long, and the rest of the shutdown has to finish before containers are killed. */
const DRAIN_MS = 5_000;

/** An HTTP server that can end without leaving a request unanswered. */
export class DrainableServer {
  /** Answers once it has a listener for `request`. */
  readonly http = createServer();
  private draining = false;

  constructor() {
    // While draining, a connection that was kept alive goes as soon as its last answer is out.
    this.http.on('request', (_request, response) => {
      response.on('close', () => {
        if (this.draining) setImmediate(() => this.http.closeIdleConnections());
      });
    });
  }

  /** Whether {@link DrainableServer.drain} was called. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** Takes no more connections and answers what was asked on those there are. Resolves when the last is gone, after 5 s at most. */
  async drain(): Promise<void> {
    this.draining = true;
    const deadline = setTimeout(() => this.http.closeAllConnections(), DRAIN_MS).unref();
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeIdleConnections();
    await closed;
    clearTimeout(deadline);
  }
}
