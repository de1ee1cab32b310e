import type { Clock } from '@smart-support/contracts';
import { LinkedList, type Linked } from './linked-list';

interface KeyEntry extends Linked<KeyEntry> {
  readonly key: string;
  readonly ticketId: string;
  readonly expiresAt: number;
}

/**
 * Which ticket an `Idempotency-Key`, or a key of duplicates, came with first, for a while.
 * Never holds more than the tickets do: a key goes when its time is up or its ticket is forgotten.
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

  /** Lets a key that names no ticket name this one from now on. */
  remember(key: string, ticketId: string): void {
    const expiresAt = this.clock.monotonic() + this.ttlMs;
    const entry: KeyEntry = { key, ticketId, expiresAt, list: null, previous: null, next: null };
    this.entries.set(key, entry);
    this.byAge.append(entry);
  }

  /** Drops a key that belongs to a ticket which is forgotten; a key that meanwhile names another ticket stays. */
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
