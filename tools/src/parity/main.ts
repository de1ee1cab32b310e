import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedder, openTextClassifier, openZeroShotClassifier } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { centred, cosine, largestDifference } from './compare';
import { runTool } from '../workspace/run-tool';

/**
 * Compares the models with the answers of the Python libraries to the same texts, and prints the largest differences: `nx run tools:parity`.
 * Token ids are compared one by one in the specs of `libs/inference`. Fails where a difference exceeds its limit.
 */
const root = process.cwd();
const readReference = <Reference>(...path: string[]): Reference =>
  JSON.parse(readFileSync(join(root, ...path, 'reference.json'), 'utf8')) as Reference;
const fixture = (name: string) => join(root, 'libs', 'inference', 'fixtures', name);

interface Texts<Case> {
  readonly cases: readonly (Case & { readonly text: string })[];
}

function show(what: string, value: number, isGood: boolean): void {
  console.log(`${isGood ? 'ok    ' : 'WORSE '} ${what}: ${value.toPrecision(6)}`);
  if (!isGood) process.exitCode = 1;
}

async function embeddings(): Promise<void> {
  const { cases } =
    readReference<Texts<{ embedding_fp32: number[]; cosine_int8_to_fp32: number }>>('libs/model-minilm');
  const model = await openEmbedder({ directory: MODEL_DIRECTORY, threads: 1 });
  let worst = 1;
  let lost = 0;
  for (const { text, embedding_fp32, cosine_int8_to_fp32 } of cases) {
    const reached = cosine((await model.embed(text)).vector, embedding_fp32);
    worst = Math.min(worst, reached);
    lost = Math.max(lost, cosine_int8_to_fp32 - reached);
  }
  await model.close();
  console.log(`${model.name}, ${cases.length} texts`);
  show('worst cosine of an int8 vector to its fp32 reference', worst, worst > 0.9);
  show('largest loss of a cosine against the reference of the same file', lost, lost < 1e-3);
}

async function sequenceClassifier(): Promise<void> {
  const { cases, tolerance } = readReference<
    Texts<{ logits: number[]; scores: Record<string, number> }> & { tolerance: number }
  >('libs/inference/fixtures/tiny-random-distilbert');
  const model = await openTextClassifier({ directory: fixture('tiny-random-distilbert'), threads: 1 });
  let logit = 0;
  let score = 0;
  for (const { text, logits, scores } of cases) {
    const found = (await model.classify(text)).scores;
    const inOrder = model.labels.map((label) => found[label] ?? NaN);
    score = Math.max(
      score,
      largestDifference(
        inOrder,
        model.labels.map((label) => scores[label] ?? NaN),
      ),
    );
    logit = Math.max(logit, largestDifference(centred(inOrder.map(Math.log)), centred(logits)));
  }
  await model.close();
  console.log(`${model.name}, ${cases.length} texts`);
  show('worst difference of a centred logit', logit, logit <= tolerance);
  show('worst difference of a score', score, score <= tolerance);
}

async function zeroShot(): Promise<void> {
  interface Case {
    readonly logits: readonly (readonly number[])[];
    readonly single_label: Record<string, number>;
    readonly multi_label: Record<string, number>;
  }
  const { cases, tolerance, candidate_labels, multi_label_candidates } = readReference<
    Texts<Case> & { tolerance: number; candidate_labels: string[]; multi_label_candidates: string[] }
  >('libs/inference/fixtures/tiny-random-bart-mnli');
  const model = await openZeroShotClassifier({ directory: fixture('tiny-random-bart-mnli'), threads: 1 });
  const worstOf = async (
    labels: readonly string[],
    multiLabel: boolean,
    of: (each: Case) => Record<string, number>,
  ) => {
    let worst = 0;
    for (const each of cases) {
      const { scores } = await model.classify(each.text, { labels, multiLabel });
      const difference = largestDifference(
        labels.map((label) => scores[label] ?? NaN),
        labels.map((label) => of(each)[label] ?? NaN),
      );
      worst = Math.max(worst, difference);
    }
    return worst;
  };
  const single = await worstOf(candidate_labels, false, ({ single_label }) => single_label);
  const multi = await worstOf(multi_label_candidates, true, ({ multi_label }) => multi_label);
  // Single-label scores are the softmax of the entailment logits, one for each label.
  let logit = 0;
  for (const { text, logits } of cases) {
    const { scores } = await model.classify(text, { labels: candidate_labels });
    const found = candidate_labels.map((label) => Math.log(scores[label] ?? NaN));
    logit = Math.max(logit, largestDifference(centred(found), centred(logits.map((row) => row[2] ?? NaN))));
  }
  await model.close();
  console.log(`${model.name}, ${cases.length} texts`);
  show('worst difference of a centred entailment logit', logit, logit <= tolerance);
  show('worst difference of a score, one label of several', single, single <= tolerance);
  show('worst difference of a score, each label by itself', multi, multi <= tolerance);
}

async function main(): Promise<void> {
  // Refuses every option.
  parseArgs({ options: {} });
  for (const compare of [embeddings, sequenceClassifier, zeroShot]) await compare();
}

runTool(main);
