/** What training needs beyond the scorers: features, and trained heads into weights. */
export { URGENCY_WEIGHTS } from './baseline/weights';
export { type UrgencyWeights } from './baseline/weights-format';
export { encodeUrgencyHead, type LogitModel, type TrainedUrgencyHead } from './head/head-weights-format';
export { describeSignals } from './describe-signals';
