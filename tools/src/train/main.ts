import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { type ChallengeScore, challengeScoreSchema, scoreChallenge } from './challenge';
import { type Experiments, experimentsSchema, runExperiments } from './classifier/experiments';
import { trainClassifier, weightsFile } from './classifier/train-classifier';
import { dataHash, type LabelledTicket, loadChallenge, loadDoubleLabels, loadTickets } from './dataset';
import { renderReport } from './report/report';
import { trainUrgency } from './urgency/train-urgency';

/** The same from `src/train` and from `dist/train`. */
const ROOT = resolve(__dirname, '../../..');
const at = (path: string) => resolve(ROOT, path);
const CLASSIFIER_WEIGHTS = at('libs/classifier/src/baseline-weights.ts');
const URGENCY_WEIGHTS = at('libs/urgency/src/weights.ts');
const EXPERIMENTS = at('data/experiments.json');
const LABELS = at('data/labels.jsonl');
const CHALLENGE = at('data/challenge/tickets.jsonl');
const CHALLENGE_SCORE = at('data/challenge/score.json');
const REPORT = at('data/report.md');
const SEED = 20_251;

/**
 * Trains both baselines from `data/tickets`, writes their weights into the libraries and the figures into `data/report.md`.
 * `--experiments` first tries the alternatives again; `--challenge` also scores the challenge set.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: at('data/tickets') },
      experiments: { type: 'boolean', default: false },
      challenge: { type: 'boolean', default: false },
    },
  });
  const tickets = loadTickets(values.data);
  console.log(`${tickets.length} tickets from ${relative(ROOT, resolve(values.data))}`);
  const experiments = values.experiments ? await tryAlternatives(tickets) : readIfThere(EXPERIMENTS, experimentsSchema);

  console.log('Classifier, leaving out one topic after the other');
  const { weights, evaluation } = trainClassifier(tickets, { seed: SEED });
  const { accuracy, macroF1 } = evaluation;
  console.log(`  accuracy ${accuracy.toFixed(3)}, macro-F1 ${macroF1.toFixed(3)}, ${weights.data.length} bytes`);
  await write(CLASSIFIER_WEIGHTS, weightsFile(weights));

  console.log('Urgency');
  const urgency = trainUrgency(tickets, { seed: SEED });
  const urgencyChanged = await write(URGENCY_WEIGHTS, urgency.weightsFileContent);

  let challenge = readIfThere(CHALLENGE_SCORE, challengeScoreSchema);
  if (values.challenge) {
    if (urgencyChanged) throw new Error('The urgency weights have just changed: run this again to score the new ones.');
    challenge = await keepChallengeScore(scoreChallenge(loadChallenge(CHALLENGE), weights, { seed: SEED }));
  }
  const labels = existsSync(LABELS) ? loadDoubleLabels(LABELS) : undefined;
  const classifier = { tickets, evaluation, weights, experiments, seed: SEED };
  await write(REPORT, renderReport({ classifier, labels, challenge, urgencySection: urgency.reportSection }));
}

async function tryAlternatives(tickets: readonly LabelledTicket[]): Promise<Experiments> {
  console.log('Experiments');
  const experiments = runExperiments(tickets, { data: dataHash(tickets), seed: SEED, log: console.log });
  await write(EXPERIMENTS, JSON.stringify(experiments));
  return experiments;
}

async function keepChallengeScore(score: ChallengeScore): Promise<ChallengeScore> {
  await write(CHALLENGE_SCORE, JSON.stringify(score));
  return score;
}

function readIfThere<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | undefined {
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Writes a file in the repository's format. Returns whether it changed. */
async function write(file: string, content: string): Promise<boolean> {
  const formatted = await format(content, { ...(await resolveConfig(file)), filepath: file });
  const changed = !existsSync(file) || readFileSync(file, 'utf8') !== formatted;
  if (changed) writeFileSync(file, formatted);
  console.log(`${changed ? 'wrote' : 'unchanged:'} ${relative(ROOT, file)}`);
  return changed;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
