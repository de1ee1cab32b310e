import { calibrate, calibrateOutOfGroup, fitCalibration } from './calibrate';
import { type HeadSettings, shippedRecipe, targetsOf } from './choose-settings';
import { answersFor, fitRidge, leaveGroupsOut, partOf } from './kernel-ridge';
import { type LikenessParts, mix, type Recipe } from './likeness-parts';
import { pick } from './rounds';

/** Factor on the squared distance of surface features. */
const SURFACE_WIDTH = 0.01;

/** Name of the variant that is shipped. */
export const SHIPPED = 'embedding, signals and wording (shipped)';

/** What the head could be made of. */
export function variantsOf(settings: HeadSettings): readonly (readonly [name: string, recipe: Recipe])[] {
  const { meaningWidth, signalWidth, wordingWeight } = settings;
  const likeness = { meaningWidth, signalWidth };
  const shipped = shippedRecipe(settings);
  return [
    ['embedding alone', { meaningWidth }],
    ['signals and surface alone', { signalWidth, surfaceWidth: SURFACE_WIDTH }],
    ["classifier's TF-IDF alone", { vectorisedWeight: wordingWeight }],
    ['wording alone', { wordingWeight }],
    ['embedding and signals', likeness],
    ["embedding, signals and the classifier's TF-IDF", { ...likeness, vectorisedWeight: wordingWeight }],
    [SHIPPED, shipped],
    ["all of it and the classifier's TF-IDF", { ...shipped, vectorisedWeight: wordingWeight / 2 }],
    ['all of it and surface', { ...shipped, surfaceWidth: SURFACE_WIDTH }],
  ];
}

/** Scores by a variant: each ticket's by a regression that did not see its topic. */
export function scoresOutOfTopic(
  parts: LikenessParts,
  recipe: Recipe,
  given: { readonly settings: HeadSettings; readonly labels: readonly number[]; readonly groups: readonly number[][] },
): { readonly answers: number[]; readonly scores: number[] } {
  const { settings, labels, groups } = given;
  const targets = targetsOf(labels, settings.labelMargin);
  const answers = leaveGroupsOut(mix(parts, recipe), targets, settings.ridge, groups);
  return { answers, scores: calibrateOutOfGroup(answers, labels, groups) };
}

/** Scores of some tickets by a variant that was fitted and calibrated on others alone. */
export function scoresOfUntaught(
  parts: LikenessParts,
  recipe: Recipe,
  given: {
    readonly settings: HeadSettings;
    readonly labels: readonly number[];
    readonly train: readonly number[];
    /** Of the training tickets, by their place in `train`. */
    readonly groups: readonly number[][];
    readonly asked: readonly number[];
  },
): number[] {
  const { settings, labels, train, groups, asked } = given;
  const gram = mix(parts, recipe);
  const known = partOf(gram, train);
  const knownLabels = pick(labels, train);
  const targets = targetsOf(knownLabels, settings.labelMargin);
  const fitted = fitRidge(known, targets, settings.ridge);
  const calibration = fitCalibration(leaveGroupsOut(known, targets, settings.ridge, groups), knownLabels);
  return answersFor(gram, fitted, train, asked).map((answer) => calibrate(calibration, answer));
}
