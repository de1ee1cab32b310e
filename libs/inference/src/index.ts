export { openEmbedder, type EmbeddingModel } from './open-embedder';
export { openTextClassifier, type TextClassificationModel } from './open-text-classifier';
export { openZeroShotClassifier, type ZeroShotModel } from './open-zero-shot-classifier';
export { type ModelOptions } from './options';
export { type Dtype } from './directory/onnx-file';
export { type ModelStats, type PoolEvent, type InjectedFault, type RunningModel } from './running-model';
