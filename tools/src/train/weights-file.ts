/** What a weights file is written from. */
export interface WeightsFile {
  /** Name and type of the constant, and the file beside it that declares the type. */
  readonly name: string;
  readonly type: string;
  readonly format: string;
  /** What the weights are of, for its comment: "head". */
  readonly model: string;
  readonly weights: { readonly manifest: object; readonly data: string };
}

/** Source of a weights file: a TypeScript constant, which works from the sources and from the compiled package. */
export function renderWeightsFile({ name, type, format, model, weights: { manifest, data } }: WeightsFile): string {
  return `import type { ${type} } from './${format}';

/** The shipped ${model}. Written by \`npx nx run tools:train\`; never edited by hand. */
export const ${name}: ${type} = {
  manifest: ${JSON.stringify(manifest)},
  data: '${data}',
};
`;
}
