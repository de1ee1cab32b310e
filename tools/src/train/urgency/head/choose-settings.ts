import type { LabelledTicket } from '../../dataset';
import { spearman } from '../agreement';
import { leaveGroupsOut } from './kernel-ridge';
import { type LikenessParts, measure, mix, placesOf, squaredDistances } from './likeness-parts';
import { topicGroups } from './rounds';

/** What can be chosen about the head. */
export interface HeadSettings {
  /** Principal directions of the embedding that are kept. */
  readonly components: number;
  readonly meaningWidth: number;
  readonly signalWidth: number;
  readonly wordingWeight: number;
  readonly ridge: number;
  /** Labels are held this far from 0 and 1 before their logit is taken. */
  readonly labelMargin: number;
}

/** A value that was tried, all others being as chosen by then. */
export interface TriedSetting {
  readonly setting: keyof HeadSettings;
  readonly value: number;
  readonly spearman: number;
}

/** Where the search begins: what did well in a first exploration. */
export const FIRST_SETTINGS: HeadSettings = {
  components: 32,
  meaningWidth: 1,
  signalWidth: 0.003,
  wordingWeight: 1.2,
  ridge: 0.3,
  labelMargin: 0.08,
};

const ALTERNATIVES: readonly (readonly [keyof HeadSettings, readonly number[]])[] = [
  ['components', [16, 24, 48, 64]],
  ['meaningWidth', [0.5, 1.5, 2]],
  ['signalWidth', [0.002, 0.005, 0.008]],
  ['wordingWeight', [0.6, 0.9, 1.8]],
  ['ridge', [0.2, 0.5]],
  ['labelMargin', [0.03, 0.05, 0.12]],
];

/** A smaller gain in rank correlation is noise: what stands is kept. */
const WORTH_IT = 0.001;

/** Targets of the regression: logits of the labels, held away from the infinite ends. */
export const targetsOf = (labels: readonly number[], margin: number): number[] =>
  labels.map((label) => {
    const held = Math.min(Math.max(label, margin), 1 - margin);
    return Math.log(held / (1 - held));
  });

/**
 * Chooses the settings one after the other by the rank correlation out of topic.
 * @param parts - likenesses of just these tickets
 */
export function chooseSettings(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  parts: LikenessParts,
): { readonly settings: HeadSettings; readonly tried: readonly TriedSetting[] } {
  const labels = tickets.map(({ urgency }) => urgency);
  const groups = topicGroups(tickets);
  const meanings = new Map([[FIRST_SETTINGS.components, parts.meaning]]);
  const rho = (settings: HeadSettings): number => {
    const meaning = meanings.get(settings.components) ?? meaningFor(settings.components);
    meanings.set(settings.components, meaning);
    const gram = mix({ ...parts, meaning }, shippedRecipe(settings));
    return spearman(leaveGroupsOut(gram, targetsOf(labels, settings.labelMargin), settings.ridge, groups), labels);
  };
  const meaningFor = (components: number): Float64Array => {
    const measures = measure(tickets, vectors, components);
    return squaredDistances(placesOf(measures, vectors), measures.components);
  };

  let settings = FIRST_SETTINGS;
  let best = rho(settings);
  const tried: TriedSetting[] = [];
  for (const [setting, values] of ALTERNATIVES) {
    const standing = settings;
    tried.push({ setting, value: standing[setting], spearman: best });
    for (const value of values) {
      const changed = { ...standing, [setting]: value };
      const reached = rho(changed);
      tried.push({ setting, value, spearman: reached });
      if (reached <= best + WORTH_IT) continue;
      settings = changed;
      best = reached;
    }
  }
  return { settings, tried };
}

/** The recipe of the shipped head. */
export const shippedRecipe = ({ meaningWidth, signalWidth, wordingWeight }: HeadSettings) => ({
  meaningWidth,
  signalWidth,
  wordingWeight,
});
