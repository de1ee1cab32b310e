export { openEmbedder, type EmbeddingModel } from './open-embedder';
export { openTextClassifier, type TextClassificationModel } from './open-text-classifier';
export { openZeroShotClassifier, type ZeroShotModel } from './open-zero-shot-classifier';
export { type ModelOptions } from './options';
export { DTYPES, type Dtype } from './directory/onnx-file';
export { type ModelStats, type PoolEvent, type RehearsedFault, type RunningModel } from './running-model';
