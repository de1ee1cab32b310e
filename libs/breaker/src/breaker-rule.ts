import { invalid, type InputIssue } from '@smart-support/contracts';
import type { BreakerState, CallOutcome, Verdict } from './breaker-state';
import { waitIssues } from './guarded-call';

/** What a judged call does to a breaker. */
export interface RuleStep {
  /** Whether the breaker switches: closed to open, or open to closed. */
  readonly turns: boolean;
  /** How many calls in a row, this one included, now count towards switching. */
  readonly inARow: number;
}

/** Decides when a breaker opens and closes. Stateless: the counts live in the breaker's state. */
export interface BreakerRule {
  /** Milliseconds after which a run that is still going is judged as overdue. */
  readonly slowAfterMs: number;
  /** Judges one call. */
  verdictOn(outcome: CallOutcome): Verdict;
  /** The effect of a call with this verdict on a breaker in this state. */
  next(state: BreakerState, verdict: Verdict): RuleStep;
}

/** The thresholds of {@link latencyRule}. */
export interface LatencyRuleSettings {
  /** A call that took more milliseconds than this is slow. */
  readonly latencyMs: number;
  /** So many slow calls in a row open the breaker; at least 1. */
  readonly openCount: number;
  /** A call that took fewer milliseconds than this is fast; above 0 and at most `latencyMs`. */
  readonly fastMs: number;
  /** So many fast calls in a row close an open breaker; at least 1. */
  readonly closeCount: number;
}

/**
 * Three calls in a row above 500 ms open, five in a row below 200 ms close. The two thresholds lie apart on purpose:
 * a model that hovers around a single one would open and close all day.
 */
export const DEFAULT_LATENCY_RULE: LatencyRuleSettings = Object.freeze({
  latencyMs: 500,
  openCount: 3,
  fastMs: 200,
  closeCount: 5,
});

/**
 * The rule that looks at latency alone; an error or an overdue run is as bad as a slow answer.
 * @param settings - what differs from {@link DEFAULT_LATENCY_RULE}
 * @throws SmartSupportError `invalid_config` that names every setting out of range
 */
export function latencyRule(settings: Partial<LatencyRuleSettings> = {}): BreakerRule {
  const { latencyMs, openCount, fastMs, closeCount } = { ...DEFAULT_LATENCY_RULE, ...settings };
  const issues = [
    ...waitIssues({ latencyMs, fastMs }),
    ...countIssues({ openCount, closeCount }),
    ...(fastMs > latencyMs ? [{ path: 'fastMs', message: 'must be at most latencyMs' }] : []),
  ];
  if (issues.length > 0) throw invalid('breaker rule', issues, { code: 'invalid_config' });
  return {
    slowAfterMs: latencyMs,
    verdictOn: (outcome) => {
      if (!('latencyMs' in outcome) || outcome.latencyMs > latencyMs) return 'slow';
      return outcome.latencyMs < fastMs ? 'fast' : 'between';
    },
    next: (state, verdict) => {
      const [wanted, before, needed] =
        state.status === 'closed'
          ? (['slow', state.slowInARow, openCount] as const)
          : (['fast', state.fastInARow, closeCount] as const);
      const inARow = verdict === wanted ? before + 1 : 0;
      return { turns: inARow >= needed, inARow };
    },
  };
}

function countIssues(counts: Readonly<Record<string, number>>): InputIssue[] {
  return Object.entries(counts)
    .filter(([, count]) => !Number.isSafeInteger(count) || count < 1)
    .map(([path]) => ({ path, message: 'must be a whole number of at least 1' }));
}
