import type { Clock } from '@smart-support/contracts';
import { LinkedList, type Linked } from './linked-list';

interface KeyEntry extends Linked<KeyEntry> {
  readonly key: string;
  readonly ticketId: string;
  readonly expiresAt: number;
}

/**
 * The ticket that an `Idempotency-Key`, or a duplicate key, came with first, for a limited time.
 * Has never more keys than there are tickets: a key is dropped when it expires or its ticket is forgotten.
 */
export class IdempotencyKeys {
  private readonly entries = new Map<string, KeyEntry>();
  /** Oldest first, which is also the order in which they expire. */
  private readonly byAge = new LinkedList<KeyEntry>();

  constructor(
    private readonly clock: Clock,
    private readonly ttlMs: number,
  ) {}

  /** The ticket that came with the key, if the key is still valid. */
  ticketId(key: string): string | undefined {
    this.dropExpired();
    return this.entries.get(key)?.ticketId;
  }

  /** Records the ticket of a key that names none. */
  remember(key: string, ticketId: string): void {
    const expiresAt = this.clock.monotonic() + this.ttlMs;
    const entry: KeyEntry = { key, ticketId, expiresAt, list: null, previous: null, next: null };
    this.entries.set(key, entry);
    this.byAge.append(entry);
  }

  /** Drops a key of a forgotten ticket, unless the key names another ticket by now. */
  forgetTicket(key: string, ticketId: string): void {
    if (this.entries.get(key)?.ticketId === ticketId) this.forget(key);
  }

  private forget(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.byAge.remove(entry);
  }

  private dropExpired(): void {
    const now = this.clock.monotonic();
    for (let oldest = this.byAge.first; oldest && oldest.expiresAt <= now; oldest = this.byAge.first) {
      this.forget(oldest.key);
    }
  }
}
