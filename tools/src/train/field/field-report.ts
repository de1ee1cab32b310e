import { figure, percent, table } from '../report/markdown';
import { ACCURACY_WITHOUT_REVIEW, type FieldCalibration, type FieldScore, NONE_REVIEWED } from './calibrate-on-field';
import type { FieldModel } from './calibrator';

/** `data/field/report.md`: what the models reach on strangers' texts, and what was chosen by them. */
export function fieldReport(
  calibrations: ReadonlyMap<FieldModel, FieldCalibration>,
  scores: ReadonlyMap<FieldModel, readonly FieldScore[]>,
): string {
  const parts = [...calibrations].map(([name, { scale, reviewThreshold, noneThreshold }]) => {
    const rows = (scores.get(name) ?? []).map((score) => [
      score.name,
      score.texts,
      percent(score.accuracy),
      percent(score.reviewed),
      percent(score.accuracyWithoutReview),
    ]);
    const none = noneThreshold === null ? '' : `, log-odds of being no ticket from ${figure(noneThreshold)} on`;
    return `## ${name === 'head' ? 'Head' : 'Baseline'}

Chosen by all files: scale ${figure(scale)}, review below a confidence of ${reviewThreshold.toFixed(2)}${none}.

${table(['file', 'texts', 'accuracy', 'for review', 'right without review'], rows)}`;
  });
  return `# Strangers' texts

Written by \`npx nx run tools:train -- --field=<folder>\`. The texts are no part of this repository, nothing is trained on them and none is copied; [README.md](../README.md) names the
collections and their licences. They choose the scale of the confidence and when a person should look: the fewest reviews with which ${percent(ACCURACY_WITHOUT_REVIEW)} of the
other answers are right and ${percent(NONE_REVIEWED)} of the texts that are no ticket are reviewed, every file counting the same.
In each row the file itself is left out of that choice.

${parts.join('\n\n')}
`;
}
