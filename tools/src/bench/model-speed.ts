import { createClassifierBaseline, createClassifierHead } from '@smart-support/classifier';
import { newMessageOf, openLanguageDetector } from '@smart-support/ticket-text';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';
import { randomFrom } from '../train/random';
import { type Finding, comparePairs } from './measure';
import { readSampleTexts, shortTexts } from './sample-tickets';
import type { Workbench } from './workbench';

const MEASURE_MS = 700;

/** Width of the embeddings that the heads read. */
const DIMENSIONS = 384;

/** Lengths of the texts that are read, in KiB. */
const SHORT_KIB = 1;
const LONG_KIB = 16;

/** What a ticket costs the thread that decides, by the models that are no neural network, and by reading. */
export async function benchModels(bench: Workbench): Promise<readonly Finding[]> {
  const texts = readSampleTexts(bench.root);
  return [await benchBaselines(bench, texts), await benchHeads(bench, texts), await benchReading(bench, texts)];
}

/**
 * Classifier and urgency baseline on one core, ticket by ticket. The other side parses the same tickets' JSON, as a measure
 * of the machine's speed.
 */
function benchBaselines({ progress }: Workbench, texts: readonly string[]): Promise<Finding> {
  const tickets = shortTexts(texts).map((text) => ({ text }));
  const bodies = tickets.map((ticket) => JSON.stringify({ ...ticket, requester: 'ada@example.com', channel: 'mail' }));
  const classifier = createClassifierBaseline();
  const urgency = createUrgencyBaseline();

  return comparePairs(
    `Classifier and urgency, texts of about 130 characters, one core`,
    'tickets/s',
    {
      name: 'baseline models',
      measure: () =>
        perSecond(tickets, (ticket) => {
          classifier.classify(ticket);
          urgency.score(ticket);
        }),
    },
    { name: 'JSON.parse', measure: () => perSecond(bodies, (body) => JSON.parse(body)) },
    { aim: 'at least 20,000 tickets/s' },
    progress,
  );
}

/** Both heads beside both baselines. The embeddings are random: what the heads do does not depend on them. */
function benchHeads({ progress }: Workbench, texts: readonly string[]): Promise<Finding> {
  const random = randomFrom(1);
  const tickets = shortTexts(texts).map((text) => {
    const raw = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
    const length = Math.hypot(...raw);
    return { text, vector: raw.map((value) => value / length) };
  });
  const heads = { classifier: createClassifierHead(), urgency: createUrgencyHead() };
  const baselines = { classifier: createClassifierBaseline(), urgency: createUrgencyBaseline() };
  return comparePairs(
    `Category and urgency of the same texts, without the embedding, one core`,
    'tickets/s',
    {
      name: 'heads',
      measure: () =>
        perSecond(tickets, (ticket) => {
          heads.classifier.classify(ticket);
          heads.urgency.score(ticket);
        }),
    },
    {
      name: 'baselines',
      measure: () =>
        perSecond(tickets, (ticket) => {
          baselines.classifier.classify(ticket);
          baselines.urgency.score(ticket);
        }),
    },
    { aim: 'at least 2,500 tickets/s (0.4 ms each)' },
    progress,
  );
}

/** Cleaning and the detection of the language: long texts cost as much for each KiB as short ones. */
async function benchReading({ progress }: Workbench, texts: readonly string[]): Promise<Finding> {
  const detector = await openLanguageDetector();
  const all = texts.join('\n');
  const piecesOf = (kib: number): string[] =>
    Array.from({ length: Math.floor(all.length / (kib * 1024)) }, (_, at) =>
      all.slice(at * kib * 1024, (at + 1) * kib * 1024),
    );
  const kibPerSecond = async (pieces: readonly string[], kib: number): Promise<number> =>
    kib * (await perSecond(pieces, (text) => detector.detect(newMessageOf(text))));
  const [long, short] = [piecesOf(LONG_KIB), piecesOf(SHORT_KIB)];
  return comparePairs(
    'Reading a ticket: the new message and its language, one core',
    'KiB/s',
    { name: `texts of ${LONG_KIB} KiB`, measure: () => kibPerSecond(long, LONG_KIB) },
    { name: `texts of ${SHORT_KIB} KiB`, measure: () => kibPerSecond(short, SHORT_KIB) },
    { aim: 'short texts at least 6,700 KiB/s (0.15 ms each)', ratioGoal: 0.7 },
    progress,
  );
}

/** Items per second that the work processes, in whole rounds and warm. */
export function perSecond<Item>(items: readonly Item[], work: (item: Item) => unknown): Promise<number> {
  items.forEach(work);
  const start = performance.now();
  let rounds = 0;
  let elapsed = 0;
  while (elapsed < MEASURE_MS) {
    items.forEach(work);
    rounds += 1;
    elapsed = performance.now() - start;
  }
  return Promise.resolve((rounds * items.length * 1000) / elapsed);
}
