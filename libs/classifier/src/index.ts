export { createClassifierBaseline, type ClassifierBaseline } from './baseline/classifier-baseline';
export { createClassifierHead, type ClassifierHead, type ClassifierHeadOptions } from './head/classifier-head';
export { createSequenceClassifier, type SequenceClassifierOptions } from './sequence-classifier';
export { createVectoriser, vocabularyOf } from './vectoriser';
export { createWordVectoriser, type WordVectoriserOptions } from './word-vectoriser';
export { DEFAULT_FEATURES, type FeatureSettings } from './features/feature-settings';
export { type Vocabulary } from './features/vocabulary';
export {
  encodeWeights,
  type ClassifierWeights,
  type TrainedModel,
  type TrainingRecord,
  type WeightsManifest,
} from './baseline/weights-format';
export {
  encodeHeadWeights,
  type EmbedderName,
  type HeadManifest,
  type HeadTrainingRecord,
  type HeadWeights,
  type TrainedHead,
} from './head/head-weights-format';
export { createFailureBaseline, type FailureBaseline } from './failure/failure-baseline';
export { createFailureHead, type FailureHead, type FailureHeadOptions } from './failure/failure-head';
export {
  encodeFailureBaseline,
  encodeFailureHead,
  type FailureBaselineWeights,
  type FailureHeadWeights,
  type FailureTrainingRecord,
  type TrainedFailureBaseline,
  type TrainedFailureHead,
} from './failure/failure-weights-format';
