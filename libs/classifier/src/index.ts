export { createClassifierBaseline, type ClassifierBaseline } from './classifier-baseline';
export { createVectoriser } from './vectoriser';
export { DEFAULT_FEATURES, type FeatureSettings } from './feature-settings';
export { type Vocabulary } from './vocabulary';
export {
  encodeWeights,
  type ClassifierWeights,
  type TrainedModel,
  type TrainingRecord,
  type WeightsManifest,
} from './weights-format';
