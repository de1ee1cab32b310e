import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { openEmbedder } from '@smart-support/inference';
import { quantise } from '@smart-support/storm';
import { cosine } from '@smart-support/storm/tuning';
import { readUsualTickets } from './usual-tickets';

describe('the tickets that tell what is usual', () => {
  it('are vectors of the bundled model: one of a common matter is like some of them, and unlike most', async () => {
    const { model, vectors } = readUsualTickets();
    const embedder = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 1 });
    try {
      expect(model).toBe(`${embedder.name} ${embedder.version}`);
      const { vector } = await embedder.embed(
        'I was charged twice for the same month. Please refund one of the two payments.',
      );
      const likenesses = vectors.map((usual) => cosine(usual, quantise(vector)));
      expect(vectors.length).toBeGreaterThan(2_000);
      expect(likenesses.some((likeness) => likeness > 0.6)).toBe(true);
      expect(likenesses.filter((likeness) => likeness > 0.6).length).toBeLessThan(vectors.length / 10);
    } finally {
      await embedder.close();
    }
  });
});
