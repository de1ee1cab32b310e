import type { Broker, BrokerOptions } from '@smart-support/contracts';

/** A new, empty broker and the control of its time. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** Lets time pass for the broker: at least `ms` milliseconds, by a virtual clock or by waiting. */
  advance(ms: number): Promise<void> | void;
  /** Does once what the sweep leader does, such as searching for bursts. */
  lead(): Promise<void>;
  /** Cleans up after a test. */
  dispose?(): Promise<void>;
}

/** Options of a broker under test. */
export interface BrokerSetup {
  readonly options: BrokerOptions;
  /** The jitter of retry delays. */
  readonly random: () => number;
}

/** Creates brokers for the conformance suite; they must not see each other's tickets. */
export type BrokerFactory = (setup: BrokerSetup) => Promise<BrokerUnderTest>;

/** Times are short, so that a broker with a real clock passes the suite too. No test depends on them exactly. */
export const SUITE_OPTIONS: BrokerOptions = {
  queueMax: 1000,
  duplicateMs: 10_000,
  ticketsKept: 1000,
  retentionMs: 60_000,
  leaseMs: 1000,
  maxAttempts: 3,
  maxStalls: 1,
  deadLettersMax: 1000,
  waitAgeingMs: 1000,
  storm: {
    windowMs: 60_000,
    ticketThreshold: 2,
    similarity: 0.9,
    baselineSimilarity: 0.8,
    quietMs: 1500,
    reopenMs: 86_400_000,
  },
  bursts: { mode: 'report', falseAlarmsPerMonth: 1 },
};

/** With this jitter a first retry is due after 100 ms, a second after 200 ms. */
export const suiteRandom = (): number => 0.1;

/** Longer than every retry delay of the suite. */
export const RETRY_DUE_MS = 300;
