export { createUrgencyBaseline, type UrgencyBaseline } from './baseline/urgency-baseline';
export { createUrgencyHead, type UrgencyHead, type UrgencyHeadOptions } from './head/urgency-head';
export { type EmbedderName, type UrgencyHeadWeights } from './head/head-weights-format';
export { createZeroShotUrgency, type ZeroShotUrgencyOptions } from './zero-shot-urgency';
export { findSignals, type SignalFindings, type SignalMatch } from './find-signals';
export { SIGNALS } from './signals/all-signals';
export { type RubricLine, type Signal } from './signals/signal';
