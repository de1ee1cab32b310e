import { readFileSync } from 'node:fs';
import { CATEGORIES } from '@smart-support/contracts';
import { z } from 'zod';
import {
  type FieldAnswers,
  type FieldCalibration,
  type FieldScore,
  calibrateOnField,
  scoreLeavingOneFileOut,
} from './calibrate-on-field';
import type { FieldFile } from './field-texts';

/** Which of the models of categories is calibrated. */
export type FieldModel = 'baseline' | 'head';

/** A fitted model's answers to any text, before calibration. */
export interface UncalibratedModel {
  /** Log-odds of each category. */
  logits(text: string, vector: Float32Array): readonly number[];
  /** Log-odds of being no ticket. */
  none?(vector: Float32Array): number;
}

/** Finds a fitted model's calibration. */
export type Calibrate = (name: FieldModel, model: UncalibratedModel) => FieldCalibration;

/** What was chosen by strangers' texts, kept so that the models can be trained without them. */
export interface KeptCalibrations {
  readonly baseline: FieldCalibration;
  readonly head: FieldCalibration;
}

const calibrationSchema = z.strictObject({
  scale: z.number().positive(),
  reviewThreshold: z.number(),
  noneThreshold: z.number().nullable(),
});
const keptSchema = z.strictObject({ baseline: calibrationSchema, head: calibrationSchema });

/** The calibrations of an earlier training, for one without strangers' texts. */
export function keptCalibrations(file: string): Calibrate {
  const kept: KeptCalibrations = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  return (name) => kept[name];
}

/** Calibrates by strangers' texts, and keeps what they showed. */
export class FieldCalibrator {
  readonly calibrations = new Map<FieldModel, FieldCalibration>();
  /** By leaving one file out. */
  readonly scores = new Map<FieldModel, readonly FieldScore[]>();

  /** @param vectors - the embedding of each text of each file */
  constructor(
    private readonly files: readonly FieldFile[],
    private readonly vectors: readonly (readonly Float32Array[])[],
  ) {}

  readonly calibrate: Calibrate = (name, model) => {
    const answers = this.files.map((file, f): FieldAnswers => {
      const vectors = this.vectors[f] ?? [];
      const { none } = model;
      return {
        name: file.name,
        truth: file.texts.map(({ category }) => (category === 'none' ? -1 : CATEGORIES.indexOf(category))),
        logits: file.texts.map(({ text }, i) => model.logits(text, vectors[i] ?? new Float32Array())),
        ...(none && { none: vectors.map((vector) => none(vector)) }),
      };
    });
    const calibration = calibrateOnField(answers);
    this.calibrations.set(name, calibration);
    this.scores.set(name, scoreLeavingOneFileOut(answers));
    return calibration;
  };
}
