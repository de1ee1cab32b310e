import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { openEmbedder } from '@smart-support/inference';
import { quantise } from '@smart-support/storm';
import { cosine } from '@smart-support/storm/tuning';
import { readSeedReference } from './seed-reference';

describe('the seed reference', () => {
  it('has vectors of the bundled model: a ticket about a common matter is similar to some of them, and not to most', async () => {
    const { model, vectors } = readSeedReference();
    const embedder = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 1 });
    try {
      expect(model).toBe(`${embedder.name} ${embedder.version}`);
      const { vector } = await embedder.embed(
        'I was charged twice for the same month. Please refund one of the two payments.',
      );
      const similarities = vectors.map((seed) => cosine(seed, quantise(vector)));
      expect(vectors.length).toBeGreaterThan(2_000);
      expect(similarities.some((similarity) => similarity > 0.6)).toBe(true);
      expect(similarities.filter((similarity) => similarity > 0.6).length).toBeLessThan(vectors.length / 10);
    } finally {
      await embedder.close();
    }
  });
});
