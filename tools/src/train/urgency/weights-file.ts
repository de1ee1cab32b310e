import type { UrgencyWeights } from '@smart-support/urgency/training';

/** `libs/urgency/src/baseline/weights.ts`: a TypeScript constant, so that it works from the sources and from the compiled package alike. */
export function weightsFile(weights: UrgencyWeights): string {
  const { manifest } = weights;
  const measured = manifest.leave_one_topic_out;
  return `import type { UrgencyWeights } from './weights-format';

/** Fitted by \`npx nx run tools:train\`. Not edited by hand: the next training overwrites it. */
export const URGENCY_WEIGHTS: UrgencyWeights = {
  version: '${weights.version}',
  bias: ${weights.bias},
  weights: {
${Object.entries(weights.weights)
  .map(([name, weight]) => `    ${name}: ${weight},`)
  .join('\n')}
  },
  manifest: {
    data_sha256: '${manifest.data_sha256}',
    patterns_sha256: '${manifest.patterns_sha256}',
    tickets: ${manifest.tickets},
    topics: ${manifest.topics},
    seed: ${manifest.seed},
    ridge: ${manifest.ridge},
    leave_one_topic_out: {
      spearman: ${measured.spearman},
      spearman_interval: [${measured.spearman_interval.join(', ')}],
      mean_absolute_error: ${measured.mean_absolute_error},
    },
  },
};
`;
}
