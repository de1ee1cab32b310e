import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedder } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { createUrgencyHead } from '@smart-support/urgency';

/** Above it an alert is due. */
const ALERT = 0.8;
/** Nothing plain and calm may come near an alert. */
const CALM = 0.6;
/** Of 60 each. The goal is all of them; these are reached, and must not become fewer. */
const EMERGENCIES_FOUND = 48;
const CALM_LEFT_ALONE = 58;

const textsOf = (name: string): string[] =>
  readFileSync(join(__dirname, '../../../data/urgency', `${name}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text);

describe('plain texts of at most twelve words', () => {
  const head = createUrgencyHead();

  async function scoresOf(texts: readonly string[]): Promise<number[]> {
    const embedder = await openEmbedder({ directory: MODEL_DIRECTORY, maxWaiting: texts.length });
    try {
      return await Promise.all(
        texts.map(async (text) => head.score({ text, vector: (await embedder.embed(text)).vector }).urgency_score),
      );
    } finally {
      await embedder.close();
    }
  }

  it('that are emergencies raise an alert', async () => {
    const scores = await scoresOf(textsOf('emergencies'));
    expect(scores).toHaveLength(60);
    expect(scores.filter((score) => score > ALERT).length).toBeGreaterThanOrEqual(EMERGENCIES_FOUND);
  });

  it('that are none stay far below, also those with loud words', async () => {
    const scores = await scoresOf(textsOf('non-emergencies'));
    expect(scores).toHaveLength(60);
    expect(scores.filter((score) => score < CALM).length).toBeGreaterThanOrEqual(CALM_LEFT_ALONE);
    expect(scores.filter((score) => score > ALERT)).toEqual([]);
  });
});
