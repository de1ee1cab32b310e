import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClassifierBaseline, createClassifierHead, createVectoriser } from '@smart-support/classifier';
import { vocabularyOf } from '@smart-support/classifier/training';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';
import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { scoreChallenge } from './challenge';
import { type Experiments, experimentsSchema, runExperiments } from './classifier/experiments';
import { trainCategoryHead } from './classifier/train-category-head';
import { trainClassifier, weightsFile } from './classifier/train-classifier';
import {
  dataHash,
  type LabelledTicket,
  loadChallenge,
  loadDoubleLabels,
  loadFailureTexts,
  loadTickets,
} from './dataset';
import { embedTexts } from './embed-tickets';
import { failureBaselineFile, failureHeadFile, failureSection, withFailureSection } from './failure/files';
import { trainFailures } from './failure/train-failures';
import { renderChallengeReport } from './report/challenge-report';
import { renderReport } from './report/report';
import { trainUrgencyHead } from './urgency/head/train-urgency-head';
import { trainUrgency } from './urgency/train-urgency';
import { writeSeedReference } from './seed-reference';

/** The same from `src/train` and from `dist/train`. */
const ROOT = resolve(__dirname, '../../..');
const at = (path: string) => resolve(ROOT, path);
const CLASSIFIER_WEIGHTS = at('libs/classifier/src/baseline/baseline-weights.ts');
const CATEGORY_HEAD_WEIGHTS = at('libs/classifier/src/head/head-weights.ts');
const URGENCY_WEIGHTS = at('libs/urgency/src/baseline/weights.ts');
const URGENCY_HEAD_WEIGHTS = at('libs/urgency/src/head/head-weights.ts');
const FAILURE_HEAD_WEIGHTS = at('libs/classifier/src/failure/failure-head-weights.ts');
const FAILURE_BASELINE_WEIGHTS = at('libs/classifier/src/failure/failure-baseline-weights.ts');
const FAILURE_TEXTS = at('data/failure-reports.jsonl');
const EXPERIMENTS = at('data/experiments.json');
const LABELS = at('data/labels.jsonl');
const CHALLENGE = at('data/challenge/tickets.jsonl');
const CHALLENGE_REPORT = at('data/challenge/report.md');
const REPORT = at('data/report.md');
const SEED = 20_251;

/**
 * Trains the baselines and the heads from `data/tickets`, writes their weights into the libraries and the figures into `data/report.md`.
 * `--experiments` first tries the alternatives of the classifier baseline again; `--model=<directory>` trains the heads for another embedding
 * model; `--challenge` trains nothing and only scores the shipped models on the challenge set; `--seed-reference` trains nothing and only writes the
 * seed reference of the burst detector; `--failures` trains only the models of failure reports.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: at('data/tickets') },
      experiments: { type: 'boolean', default: false },
      challenge: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      'seed-reference': { type: 'boolean', default: false },
      model: { type: 'string', default: MODEL_DIRECTORY },
    },
  });
  if (values.challenge) return scoreShippedModels(values.model);
  if (values.failures) {
    const section = await trainFailureModels(values.model);
    return write(REPORT, withFailureSection(readFileSync(REPORT, 'utf8'), section));
  }
  const tickets = loadTickets(values.data);
  console.log(`${tickets.length} tickets from ${relative(ROOT, resolve(values.data))}`);
  const experiments = values.experiments ? await tryAlternatives(tickets) : readIfThere(EXPERIMENTS, experimentsSchema);
  const { vectors, embedder } = await embedTexts(
    values.model,
    tickets.map(({ text }) => text),
  );

  if (values['seed-reference']) return writeSeedReference(at('libs/ticket-models/seed-reference'), vectors, embedder);

  console.log('Classifier baseline, leaving out one topic after the other');
  const classifier = trainClassifier(tickets, { seed: SEED });
  const { evaluation, weights } = classifier;
  console.log(`  accuracy ${evaluation.accuracy.toFixed(3)}, macro-F1 ${evaluation.macroF1.toFixed(3)}`);
  await write(CLASSIFIER_WEIGHTS, weightsFile(weights));

  console.log('Category head');
  const categoryHead = trainCategoryHead(tickets, vectors, { baseline: classifier, embedder, seed: SEED });
  console.log(`  accuracy ${categoryHead.evaluations.fused.accuracy.toFixed(3)}`);
  await write(CATEGORY_HEAD_WEIGHTS, categoryHead.weightsFileContent);

  console.log('Urgency baseline');
  const urgency = trainUrgency(tickets, { seed: SEED });
  await write(URGENCY_WEIGHTS, urgency.weightsFileContent);

  console.log('Urgency head');
  const urgencyHead = trainUrgencyHead(tickets, vectors, {
    vectoriser: createVectoriser(vocabularyOf(weights)),
    embedder,
    baselineScores: urgency.crossValidated,
    seed: SEED,
    log: console.log,
  });
  await write(URGENCY_HEAD_WEIGHTS, urgencyHead.weightsFileContent);

  const failures = await trainFailureModels(values.model);
  const findings = { tickets, evaluation, weights, experiments, seed: SEED };
  const report = renderReport({
    classifier: findings,
    categoryHead,
    labels: existsSync(LABELS) ? loadDoubleLabels(LABELS) : undefined,
    urgencySections: [urgency.reportSection, urgencyHead.reportSection],
  });
  await write(REPORT, withFailureSection(report, failures));
}

/** Writes the models' weights, and gives their part of the report. */
async function trainFailureModels(modelDirectory: string): Promise<string> {
  console.log('Reports of failures');
  const texts = loadFailureTexts(FAILURE_TEXTS);
  const { vectors, embedder } = await embedTexts(
    modelDirectory,
    texts.map(({ text }) => text),
  );
  const training = trainFailures(texts, vectors, { embedder, seed: SEED });
  const { head, baseline } = training.scores;
  console.log(`  accuracy ${head.accuracy.toFixed(3)} by embedding, ${baseline.accuracy.toFixed(3)} by words`);
  await write(FAILURE_HEAD_WEIGHTS, failureHeadFile(training));
  await write(FAILURE_BASELINE_WEIGHTS, failureBaselineFile(training));
  return failureSection(training);
}

async function tryAlternatives(tickets: readonly LabelledTicket[]): Promise<Experiments> {
  console.log('Experiments');
  const experiments = runExperiments(tickets, { data: dataHash(tickets), seed: SEED, log: console.log });
  await write(EXPERIMENTS, JSON.stringify(experiments));
  return experiments;
}

/** Scores what the libraries ship, not what some run trained: train and build first. */
async function scoreShippedModels(modelDirectory: string): Promise<void> {
  const tickets = loadChallenge(CHALLENGE);
  const { vectors } = await embedTexts(
    modelDirectory,
    tickets.map(({ text }) => text),
  );
  const models = {
    baseline: { classifier: createClassifierBaseline(), urgency: createUrgencyBaseline() },
    heads: { classifier: createClassifierHead(), urgency: createUrgencyHead() },
  };
  await write(CHALLENGE_REPORT, renderChallengeReport(await scoreChallenge(tickets, vectors, models, { seed: SEED })));
}

function readIfThere<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | undefined {
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Writes a file in the repository's format. */
async function write(file: string, content: string): Promise<void> {
  const formatted = await format(content, { ...(await resolveConfig(file)), filepath: file });
  const changed = !existsSync(file) || readFileSync(file, 'utf8') !== formatted;
  if (changed) writeFileSync(file, formatted);
  console.log(`${changed ? 'wrote' : 'unchanged:'} ${relative(ROOT, file)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
