export { createUrgencyBaseline, type UrgencyBaseline } from './urgency-baseline';
export { findSignals, type SignalFindings, type SignalMatch } from './find-signals';
export { SIGNALS } from './signals/all-signals';
export { type RubricLine, type Signal } from './signals/signal';
export { describeSignals } from './describe-signals';
export { URGENCY_WEIGHTS } from './weights';
export { type UrgencyWeights, type WeightsManifest } from './weights-format';
