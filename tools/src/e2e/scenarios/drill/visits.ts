import type { ExplanationReport, Ticket } from '@smart-support/contracts';

/** One ticket sent to a running gateway, and what its sender saw. */
export interface Visit {
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** Milliseconds until the whole answer was there. */
  readonly waitedMs: number;
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  readonly ticket: Ticket | undefined;
}

/** Sends one ticket. Never rejects: no answer is an answer, too. */
export async function visit(url: string, text: string): Promise<Visit> {
  const sentAt = Date.now();
  const start = performance.now();
  const seen = (status: number, ticket?: Ticket): Visit => ({
    sentAt,
    waitedMs: performance.now() - start,
    status,
    ticket,
  });
  try {
    const response = await fetch(`${url}/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    const body = (await response.json()) as Ticket;
    return response.ok ? seen(response.status, body) : seen(response.status);
  } catch {
    return seen(0);
  }
}

/** Sends tickets at a steady rate, whether or not the gateway keeps up, until told to stop. */
export class Traffic {
  private readonly pending: Promise<Visit>[] = [];
  private readonly timer: NodeJS.Timeout;

  /** @param perSecond - tickets a second, at most 1000 */
  constructor(url: string, perSecond: number, nextText: () => string) {
    this.timer = setInterval(() => this.pending.push(visit(url, nextText())), 1000 / perSecond);
  }

  /** Sends no more and waits for the answers still out. */
  async stop(): Promise<Visit[]> {
    clearInterval(this.timer);
    return Promise.all(this.pending);
  }
}

/** Why a ticket went where it went. */
export async function explanationOf(url: string, { id }: Ticket): Promise<ExplanationReport> {
  const response = await fetch(`${url}/tickets/${encodeURIComponent(id)}/explain`);
  return (await response.json()) as ExplanationReport;
}
