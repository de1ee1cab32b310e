import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClassifierBaseline, createClassifierHead } from '@smart-support/classifier';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';
import { format, resolveConfig } from 'prettier';
import { challengeReport } from './challenge';
import { trainCategoryHead } from './classifier/train-category-head';
import { trainClassifier } from './classifier/train-classifier';
import { asRead, loadChallenge, loadDoubleLabels, loadFailureTexts, loadNoTickets, loadTickets } from './dataset';
import { loadDescriptions } from './descriptions';
import { embedTexts } from './embed-tickets';
import { trainFailures } from './failure/train-failures';
import { FieldCalibrator, keptCalibrations } from './field/calibrator';
import { fieldReport } from './field/field-report';
import { loadFieldFiles } from './field/field-texts';
import { failureSection, withFailureSection } from './report/failure-section';
import { renderReport } from './report/report';
import { writeSeedReference } from './seed-reference';
import { renderUrgencyWeights, trainUrgency } from './urgency/train-urgency';
import { trainUrgencyHead } from './urgency/train-urgency-head';
import { renderWeightsFile, type WeightsFile } from './weights-file';
import { runTool } from '../workspace/run-tool';

/** The same from `src/train` and from `dist/train`. */
const ROOT = resolve(__dirname, '../../..');
const at = (path: string) => resolve(ROOT, path);
const REPORT = at('data/report.md');
const SEED = 20_251;
const FIELD_CALIBRATION = at('data/field/calibration.json');

/**
 * Trains the baselines and the heads from `data/tickets`, writes their weights into the libraries and the figures into `data/report.md`.
 * `--field=<folder>` calibrates by the strangers' texts there, instead of taking what an earlier training found by them, and writes `data/field`.
 * `--data=<folder>` trains by other tickets, `--model=<directory>` the heads for another embedding model; `--failures` trains only the models of failure reports; `--challenge` trains nothing and scores the
 * shipped models on the challenge set; `--seed-reference` trains nothing and writes the vectors that stand in for the reference sample of a new service.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: at('data/tickets') },
      challenge: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      'seed-reference': { type: 'boolean', default: false },
      field: { type: 'string' },
      model: { type: 'string', default: MODEL_DIRECTORY },
    },
  });
  if (values.challenge) return scoreShippedModels(values.model);
  if (values.failures) {
    const section = await trainFailureModels(values.model);
    return write(REPORT, withFailureSection(readFileSync(REPORT, 'utf8'), section));
  }
  const tickets = loadTickets(values.data).map(asRead);
  console.log(`${tickets.length} tickets from ${relative(ROOT, resolve(values.data))}`);
  const { vectors, embedder } = await embedTexts(
    values.model,
    tickets.map(({ text }) => text),
  );
  if (values['seed-reference']) {
    return writeSeedReference(at('libs/ticket-models/seed-reference'), vectors, embedder);
  }

  const field = values.field === undefined ? undefined : await calibratorOf(values.field, values.model);
  const calibrate = field?.calibrate ?? keptCalibrations(FIELD_CALIBRATION);
  const descriptions = await loadDescriptions(at('data/descriptions.json'), async (texts) => {
    return (await embedTexts(values.model, texts)).vectors;
  });
  console.log('Classifier baseline, leaving out a tenth of the topics at a time');
  const classifier = trainClassifier(tickets, { seed: SEED, calibrate });
  console.log(`  accuracy ${classifier.evaluation.accuracy.toFixed(3)}`);
  await writeWeights('libs/classifier/src/baseline/baseline-weights.ts', {
    ...{ name: 'BASELINE_WEIGHTS', type: 'ClassifierWeights', format: 'weights-format', model: 'model' },
    weights: classifier.weights,
  });

  console.log('Category head');
  const noTickets = loadNoTickets(at('data/no-tickets.jsonl')).map((row) => asRead(row).text);
  const none = await embedTexts(values.model, noTickets);
  const categoryHead = trainCategoryHead(tickets, vectors, {
    ...{ baseline: classifier, descriptions, calibrate, embedder, seed: SEED },
    none: noTickets.map((text, i) => ({ text, vector: none.vectors[i] ?? new Float32Array() })),
  });
  if (field) await writeField(field);
  console.log(`  accuracy ${categoryHead.evaluations.fused.accuracy.toFixed(3)}`);
  await writeWeights('libs/classifier/src/head/head-weights.ts', {
    ...{ name: 'HEAD_WEIGHTS', type: 'HeadWeights', format: 'head-weights-format', model: 'head' },
    weights: categoryHead.weights,
  });

  console.log('Urgency baseline');
  const urgency = trainUrgency(tickets, { seed: SEED });
  await write(at('libs/urgency/src/baseline/weights.ts'), renderUrgencyWeights(urgency.weights));

  console.log('Urgency head');
  const urgencyHead = trainUrgencyHead(tickets, vectors, { descriptions, embedder, seed: SEED });
  await writeWeights('libs/urgency/src/head/head-weights.ts', {
    ...{ name: 'URGENCY_HEAD_WEIGHTS', type: 'UrgencyHeadWeights', format: 'head-weights-format', model: 'head' },
    weights: urgencyHead.weights,
  });

  const failures = await trainFailureModels(values.model);
  const labels = loadDoubleLabels(at('data/labels.jsonl'));
  const report = renderReport({ tickets, labels, classifier, categoryHead, urgency, urgencyHead, seed: SEED });
  await write(REPORT, withFailureSection(report, failures));
}

/** Reads and embeds the strangers' texts of a folder. */
async function calibratorOf(folder: string, modelDirectory: string): Promise<FieldCalibrator> {
  const files = loadFieldFiles(folder);
  const { vectors } = await embedTexts(
    modelDirectory,
    files.flatMap(({ texts }) => texts.map(({ text }) => text)),
  );
  let from = 0;
  const perFile = files.map(({ texts }) => vectors.slice(from, (from += texts.length)));
  return new FieldCalibrator(files, perFile);
}

async function writeField({ calibrations, scores }: FieldCalibrator): Promise<void> {
  await write(FIELD_CALIBRATION, JSON.stringify(Object.fromEntries(calibrations)));
  await write(at('data/field/report.md'), fieldReport(calibrations, scores));
}

/** Writes the models' weights. @returns their part of the report */
async function trainFailureModels(modelDirectory: string): Promise<string> {
  console.log('Reports of failures');
  const texts = loadFailureTexts(at('data/failure-reports.jsonl')).map(asRead);
  const { vectors, embedder } = await embedTexts(
    modelDirectory,
    texts.map(({ text }) => text),
  );
  const training = trainFailures(texts, vectors, { embedder, seed: SEED });
  const { head, baseline } = training.scores;
  console.log(`  accuracy ${head.accuracy.toFixed(3)} by embedding, ${baseline.accuracy.toFixed(3)} by words`);
  const format = 'failure-weights-format';
  await writeWeights('libs/classifier/src/failure/failure-head-weights.ts', {
    ...{ name: 'FAILURE_HEAD_WEIGHTS', type: 'FailureHeadWeights', format, model: 'failure head' },
    weights: training.head,
  });
  await writeWeights('libs/classifier/src/failure/failure-baseline-weights.ts', {
    ...{ name: 'FAILURE_BASELINE_WEIGHTS', type: 'FailureBaselineWeights', format, model: 'failure baseline' },
    weights: training.baseline,
  });
  return failureSection(training);
}

/** Scores what the libraries ship, not what some run trained: train and build first. */
async function scoreShippedModels(modelDirectory: string): Promise<void> {
  const tickets = loadChallenge(at('data/challenge/tickets.jsonl')).map(asRead);
  const { vectors } = await embedTexts(
    modelDirectory,
    tickets.map(({ text }) => text),
  );
  const models = {
    baseline: { classifier: createClassifierBaseline(), urgency: createUrgencyBaseline() },
    heads: { classifier: createClassifierHead(), urgency: createUrgencyHead() },
  };
  await write(at('data/challenge/report.md'), await challengeReport(tickets, vectors, models, { seed: SEED }));
}

const writeWeights = (path: string, file: WeightsFile): Promise<void> => write(at(path), renderWeightsFile(file));

/** Writes a file in the repository's format. */
async function write(file: string, content: string): Promise<void> {
  const formatted = await format(content, { ...(await resolveConfig(file)), filepath: file });
  const changed = !existsSync(file) || readFileSync(file, 'utf8') !== formatted;
  if (changed) writeFileSync(file, formatted);
  console.log(`${changed ? 'wrote' : 'unchanged:'} ${relative(ROOT, file)}`);
}

runTool(main);
