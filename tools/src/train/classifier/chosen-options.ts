import { DEFAULT_FEATURES } from '@smart-support/classifier/training';
import type { FitOptions } from './fit-classifier';
import type { EmbeddingFitOptions } from './fit-embedding-model';

/** What the shipped classifier is trained with; the experiments in `data/report.md` say why. */
export const CHOSEN_OPTIONS: FitOptions = {
  settings: DEFAULT_FEATURES,
  minimumTopics: 3,
  steps: 30,
  learningRate: 0.3,
};

/** What the embedding's part of the shipped head is trained with; likewise. */
export const CHOSEN_EMBEDDING_OPTIONS: EmbeddingFitOptions = { steps: 20, learningRate: 0.0001 };

/** Accuracy that answers without review must have reached out of topic. */
export const ACCURACY_WITHOUT_REVIEW = 0.95;
