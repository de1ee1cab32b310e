import type { Category, Lane } from './categories';

/** `GET /queue`: how much is waiting where. */
export interface QueueReport {
  /** Tickets not yet in work, per lane. */
  readonly lanes: Readonly<Record<Lane, number>>;
  /** Age of the oldest ticket not yet in work, in milliseconds; `null` if there is none. */
  readonly oldest_age_ms: number | null;
  readonly in_progress: number;
  /** Understood tickets without a free agent, per category. */
  readonly waiting: Readonly<Record<Category, number>>;
  readonly dead: number;
  /** Events not yet delivered. */
  readonly outbox: number;
}

/** One entry of `GET /dead-letters`. */
export interface DeadLetter {
  readonly ticket_id: string;
  readonly error: { readonly code: string; readonly message: string };
  readonly attempts: number;
  /** How often its worker vanished instead of failing. */
  readonly stalls: number;
  /** ISO 8601. */
  readonly died_at: string;
}

/** `GET /health`. */
export interface HealthReport {
  readonly status: 'ok';
  readonly queue_depth: number;
  readonly circuit_breaker: 'closed' | 'open';
  readonly mode: 'async' | 'sync';
  readonly redis: 'up' | 'down' | 'off';
  readonly model_fallback: boolean;
  /** Whether rehearsed faults may be injected. */
  readonly drills: boolean;
  readonly version: string;
}
