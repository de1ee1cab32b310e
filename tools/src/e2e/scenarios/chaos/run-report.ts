import type { AnswerCounts } from '../../harness/ledger';
import type { Finding } from '../../audit/finding';
import type { ChaosOptions } from './options';
import type { Fault, FaultKind } from './plan';

/** A part of a run with its own count of answers. */
export interface Phase extends AnswerCounts {
  readonly name: string;
  /** Milliseconds since the beginning of the traffic. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The report of a run. */
export interface RunReport {
  readonly options: ChaosOptions;
  readonly machine: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly plan: readonly Fault[];
  /** Faults that happened; empty in the act `modes`. */
  readonly happened: Readonly<Partial<Record<FaultKind, number>>>;
  readonly answers: AnswerCounts;
  readonly phases: readonly Phase[];
  /** Numbers that are not judged, by what they count. */
  readonly numbers: Readonly<Record<string, number>>;
  /** What was still to be done when nothing changed any more. */
  readonly left: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** Whether the findings count: without replicas to wait for, a failover loses what it loses. */
  readonly isJudged: boolean;
  readonly passed: boolean;
}
