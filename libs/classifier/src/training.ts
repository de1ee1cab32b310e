/** What training needs beyond the classifiers: features, and trained models into weights. */
export { vocabularyOf } from './vectoriser';
export { DEFAULT_FEATURES, type FeatureSettings } from './features/feature-settings';
export { encodeWeights, type TrainedModel } from './baseline/weights-format';
export { encodeHeadWeights, HEAD_CLASSES, type TrainedHead } from './head/head-weights-format';
export {
  encodeFailureBaseline,
  encodeFailureHead,
  type FailureTrainingRecord,
  type TrainedFailureBaseline,
  type TrainedFailureHead,
} from './failure/failure-weights-format';
