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

/**
 * Why a shared Redis takes no writes: Redis's own error word in lower case; `max_clients` for "max number of clients reached", `database` for a
 * database that cannot be selected, `unreachable` without a connection or an answer in time, `other` for an answer of any other kind.
 */
export const REDIS_PROBLEMS = [
  'unreachable',
  'oom',
  'readonly',
  'loading',
  'masterdown',
  'noreplicas',
  'clusterdown',
  'misconf',
  'busy',
  'noauth',
  'wrongpass',
  'noperm',
  'moved',
  'ask',
  'tryagain',
  'unblocked',
  'max_clients',
  'database',
  'other',
] as const;

/** One of {@link REDIS_PROBLEMS}. */
export type RedisProblem = (typeof REDIS_PROBLEMS)[number];

/** How the shared Redis is doing; part of `GET /health`. */
export interface RedisReport {
  /** `off` where none is configured. */
  readonly redis: 'up' | 'down' | 'off';
  /** Why it is `down`; `null` while it is not, and before the first try to connect has ended. */
  readonly redis_problem: RedisProblem | null;
  /** Redis's `maxmemory-policy`; `null` while it is not known, because Redis was not reached yet or forbids to read it. */
  readonly redis_maxmemory_policy: string | null;
}

/** `GET /health`. */
export interface HealthReport extends RedisReport {
  readonly status: 'ok';
  readonly queue_depth: number;
  readonly circuit_breaker: 'closed' | 'open';
  readonly mode: 'async' | 'sync';
  readonly model_fallback: boolean;
  /** Whether injected faults may be injected. */
  readonly fault_injection: boolean;
  readonly version: string;
}
