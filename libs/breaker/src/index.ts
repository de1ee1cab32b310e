export { type BreakerState, type CallOutcome, type Verdict } from './breaker-state';
export { latencyRule, type BreakerRule, type LatencyRuleSettings, type RuleStep } from './breaker-rule';
export { type BreakerEvent, type BreakerListener } from './breaker-events';
export { type BreakerSnapshot } from './breaker-snapshot';
export { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker';
export { type GuardedAnswer, type GuardFallback } from './guarded-call';
export { ModelGuard, type ModelGuardOptions } from './model-guard';
export { type ModelCall } from './watched-run';
