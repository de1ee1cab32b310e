import { DEFAULT_FEATURES } from '@smart-support/classifier';
import type { FitOptions } from './fit-classifier';

/** What the shipped classifier is trained with; the experiments in `data/report.md` say why. */
export const CHOSEN_OPTIONS: FitOptions = {
  settings: DEFAULT_FEATURES,
  minimumTopics: 3,
  steps: 30,
  learningRate: 0.3,
};

/** Accuracy that answers without review must have reached out of topic. */
export const ACCURACY_WITHOUT_REVIEW = 0.95;
