import { readFileSync } from 'node:fs';
import { CATEGORIES } from '@smart-support/contracts';
import { z } from 'zod';

const sentences = z.array(z.string().min(1)).min(1);
const descriptionsSchema = z.strictObject({
  categories: z.strictObject({ Billing: sentences, Technical: sentences, Legal: sentences }),
  urgency: z.strictObject({ urgent: sentences, calm: sentences }),
});

/**
 * What the labels mean, as embeddings: how similar a text is to a description says something about its label without any training ticket, and so without the way our
 * writers write. The heads add it to what they learn.
 */
export interface Descriptions {
  /** Mean embedding of each category's descriptions, in the order of `CATEGORIES`. */
  readonly categories: readonly Float64Array[];
  /** Mean embedding of what is urgent less that of what is not. */
  readonly urgency: Float64Array;
}

/**
 * Loads and embeds descriptions.
 * @throws Error for a file of another form
 */
export async function loadDescriptions(
  file: string,
  embed: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<Descriptions> {
  const { categories, urgency } = descriptionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const meanOf = async (texts: readonly string[]): Promise<Float64Array> => meanVector(await embed(texts));
  const [urgent, calm] = [await meanOf(urgency.urgent), await meanOf(urgency.calm)];
  return {
    categories: await Promise.all(CATEGORIES.map((category) => meanOf(categories[category]))),
    urgency: urgent.map((value, i) => value - (calm[i] ?? 0)),
  };
}

/** The mean of vectors of equal length. */
export function meanVector(vectors: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / vectors.length));
  return mean;
}
