export { createUrgencyBaseline, type UrgencyBaseline } from './baseline/urgency-baseline';
export { URGENCY_WEIGHTS } from './baseline/weights';
export { type UrgencyWeights, type WeightsManifest } from './baseline/weights-format';
export { createUrgencyHead, type UrgencyHead, type UrgencyHeadOptions } from './head/urgency-head';
export { URGENCY_HEAD_WEIGHTS } from './head/head-weights';
export {
  encodeUrgencyHead,
  type EmbedderName,
  type TrainedUrgencyHead,
  type UrgencyHeadManifest,
  type UrgencyHeadTraining,
  type UrgencyHeadWeights,
} from './head/head-weights-format';
export { readWording } from './head/wording';
export { type WordingVector, WordingVocabulary } from './head/wording-vocabulary';
export { signalStrengths } from './head/signal-strengths';
export { createZeroShotUrgency, type ZeroShotUrgencyOptions } from './zero-shot-urgency';
export { findSignals, type SignalFindings, type SignalMatch } from './find-signals';
export { SIGNALS } from './signals/all-signals';
export { type RubricLine, type Signal } from './signals/signal';
export { describeSignals } from './describe-signals';
