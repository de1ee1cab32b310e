export type {
  BreakerState,
  CallOutcome,
  Verdict,
  BreakerEvent,
  BreakerListener,
  BreakerSnapshot,
} from './breaker-state';
export { latencyRule, type BreakerRule, type LatencyRuleSettings, type RuleStep } from './breaker-rule';
export { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker';
export { type GuardedAnswer, type GuardFallback } from './guarded-call';
export { ModelGuard, type ModelGuardOptions } from './model-guard';
export { type ModelCall } from './watched-run';
