import type { UrgencyHeadWeights } from '@smart-support/urgency';

/** `libs/urgency/src/head/head-weights.ts`: a TypeScript constant works from the sources and from the compiled package alike. */
export function headWeightsFile({ manifest, data }: UrgencyHeadWeights): string {
  return `import type { UrgencyHeadWeights } from './head-weights-format';

/** The shipped head. Written by \`npx nx run tools:train\`; never edited by hand. */
export const URGENCY_HEAD_WEIGHTS: UrgencyHeadWeights = {
  manifest: ${JSON.stringify(manifest)},
  data: '${data}',
};
`;
}
