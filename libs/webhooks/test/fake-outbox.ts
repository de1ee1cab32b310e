import type { Clock, EventQueue, OutboxEntry } from '@smart-support/contracts';

interface Kept {
  entry: OutboxEntry;
  due: number;
}

/** An outbox in a few lines, whose every call can be made to fail. */
export class FakeOutbox implements EventQueue {
  /** Thrown by every call, if set. */
  failure: unknown;
  /** Every call in order, as `claim 8` or `acknowledge T-1`; those that failed included. */
  readonly calls: string[] = [];
  readonly leases: number[] = [];
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  add(...ids: string[]): void {
    for (const id of ids) this.put(id, JSON.stringify({ text_start: `secret of ${id}` }));
  }

  put(id: string, body: string): void {
    const entry = { id, body, attempts: 0, created_at: new Date(this.clock.now()).toISOString() };
    this.kept.set(id, { entry, due: this.clock.monotonic() });
  }

  body(id: string): string | undefined {
    return this.kept.get(id)?.entry.body;
  }

  get ids(): string[] {
    return [...this.kept.keys()];
  }

  attempts(id: string): number | undefined {
    return this.kept.get(id)?.entry.attempts;
  }

  /** Milliseconds until an entry is due. */
  dueIn(id: string): number | undefined {
    const kept = this.kept.get(id);
    return kept && kept.due - this.clock.monotonic();
  }

  async claim(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    this.called(`claim ${limit}`);
    this.leases.push(leaseMs);
    const now = this.clock.monotonic();
    const due = [...this.kept.values()].filter((kept) => kept.due <= now).slice(0, limit);
    for (const kept of due) kept.due = now + leaseMs;
    return due.map(({ entry }) => entry);
  }

  async acknowledge(id: string): Promise<void> {
    this.called(`acknowledge ${id}`);
    this.kept.delete(id);
  }

  async retryLater(id: string, attempts: number, delayMs: number): Promise<void> {
    this.called(`retryLater ${id}`);
    const kept = this.kept.get(id);
    if (!kept) return;
    kept.entry = { ...kept.entry, attempts };
    kept.due = this.clock.monotonic() + delayMs;
  }

  private called(call: string): void {
    this.calls.push(call);
    if (this.failure) throw this.failure;
  }
}
