/** What training needs beyond the scorers: features, and trained heads into weights. */
export { URGENCY_WEIGHTS } from './baseline/weights';
export { type UrgencyWeights } from './baseline/weights-format';
export { encodeUrgencyHead, type TrainedUrgencyHead } from './head/head-weights-format';
export { readWording } from './head/wording';
export { type WordingVector, WordingVocabulary } from './head/wording-vocabulary';
export { signalStrengths } from './head/signal-strengths';
export { describeSignals } from './describe-signals';
