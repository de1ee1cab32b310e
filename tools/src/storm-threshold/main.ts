import { resolve } from 'node:path';
import { createVectoriser, createWordVectoriser } from '@smart-support/classifier';
import type { Vectoriser } from '@smart-support/contracts';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { loadOutages, loadTickets } from '../train/dataset';
import { percent, table } from '../train/report/markdown';
import { FRAMES_TO_CHOOSE, FRAMES_TO_REPORT } from './frames';
import { lowShare, pairShares } from './pair-shares';
import { seeMeanings, seeWords } from './seen-ticket';
import { type Texts, type WrittenTicket, halvesOf, seenThrough } from './texts';
import { type Trial, isSafe, trialWindows, tryDownwards, tryThreshold } from './trial';

/** The same from `src/storm-threshold` and from `dist/storm-threshold`. */
const ROOT = resolve(__dirname, '../../..');
const THRESHOLDS = Array.from({ length: 14 }, (_, step) => (30 + 5 * step) / 100);
/** Where words and word pairs are compared. */
const SOME_THRESHOLDS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** The default `similarity` of embeddings. */
const MEANING_THRESHOLD = 0.9;
const CALM_WINDOWS = 20;
const CHOICE = { calmWindows: CALM_WINDOWS, seed: 20_251 };
const REPORT = { calmWindows: CALM_WINDOWS, seed: 20_252 };

/**
 * Finds the threshold from which on two tickets without embeddings count as similar tickets, on half of the texts, and prints what it does to the
 * other half.
 */
async function main(): Promise<void> {
  const tickets = loadTickets(resolve(ROOT, 'data/tickets'));
  const outages = loadOutages(resolve(ROOT, 'data/storms.jsonl'));
  const [toChoose, toReport] = halvesOf(tickets, outages);
  const words = createWordVectoriser();
  await compareVectorisers(toChoose, words);
  const threshold = await choose(toChoose, words);
  await report(toReport, words, threshold);
}

async function compareVectorisers(texts: Texts<WrittenTicket>, words: Vectoriser): Promise<void> {
  const written = texts.ordinary.map(({ text }) => text);
  const pairs = createWordVectoriser({ pairFactor: 1 });
  const sizes = [
    ['words', words],
    ['words and pairs of words', pairs],
    ["the classifier's vectoriser", createVectoriser()],
  ] as const;
  const rows = sizes.map(([name, vectoriser]) => [
    name,
    meanSize(vectoriser, written),
    microseconds(vectoriser, written),
  ]);
  print('Vectorisers', table(['', 'features a ticket', 'microseconds a ticket'], rows));

  const cells = await Promise.all(
    [words, pairs].map(async (vectoriser) => {
      const [none] = FRAMES_TO_CHOOSE;
      if (!none) throw new Error('there is no frame');
      const seen = await seenThrough(texts, none, (all) => seeWords(vectoriser, all));
      const variants = pairShares(seen.outages, SOME_THRESHOLDS);
      const ordinary = pairShares(seen.ordinary, SOME_THRESHOLDS);
      return variants.map(({ same }, i) => [percent(same), perMillion(ordinary[i]?.different)]);
    }),
  );
  const compared = SOME_THRESHOLDS.map((threshold, i) => [threshold, ...cells.flatMap((column) => column[i] ?? [])]);
  const head = ['similarity', 'variants, words', 'unrelated, words', 'variants, pairs too', 'unrelated, pairs too'];
  print('Pairs above a threshold, the half to choose on (unrelated: in a million)', table(head, compared));
}

/** The lowest threshold that is safe in every frame, as all above it are. */
async function choose(texts: Texts<WrittenTicket>, words: Vectoriser): Promise<number> {
  let chosen = 0;
  for (const frame of FRAMES_TO_CHOOSE) {
    const windows = trialWindows(await seenThrough(texts, frame, (all) => seeWords(words, all)), CHOICE);
    const trials = tryDownwards(THRESHOLDS, (threshold) => tryThreshold(windows, threshold));
    print(`The half to choose on, ${frame.name}`, trialTable(trials));
    const safe = trials.filter(isSafe).at(-1);
    if (!safe) throw new Error('No threshold is safe');
    chosen = Math.max(chosen, safe.threshold);
  }
  print('Chosen', String(chosen));
  return chosen;
}

async function report(texts: Texts<WrittenTicket>, words: Vectoriser, threshold: number): Promise<void> {
  for (const frame of FRAMES_TO_REPORT) {
    const seen = await seenThrough(texts, frame, (all) => seeWords(words, all));
    const thresholds = frame.above + frame.below === '' ? THRESHOLDS : [threshold];
    const windows = trialWindows(seen, REPORT);
    const trials = thresholds.map((one) => tryThreshold(windows, one));
    print(`The half to report on, ${frame.name}`, trialTable(trials));
    if (thresholds === THRESHOLDS) {
      const variants = pairShares(seen.outages, THRESHOLDS);
      const ordinary = pairShares(seen.ordinary, THRESHOLDS);
      const rows = THRESHOLDS.map((one, i) => [
        one,
        percent(variants[i]?.same ?? NaN),
        percent(variants[i]?.different ?? NaN),
        percent(ordinary[i]?.same ?? NaN),
        perMillion(ordinary[i]?.different),
      ]);
      const head = ['above', 'variants of one outage', 'two outages', 'one topic', 'two topics, in a million'];
      print('Pairs of tickets, the half to report on', table(head, rows));
    }
    const meanings = await seenThrough(texts, frame, (all) => seeMeanings(MODEL_DIRECTORY, all));
    const low = [lowShare(seen.outages, threshold), lowShare(meanings.outages, MEANING_THRESHOLD)].map(percent);
    const lowHead = ['by words', 'by embeddings'];
    print(`Similar pairs of one outage whose similarity counts as low, ${frame.name}`, table(lowHead, [low]));
    const byMeaning = tryThreshold(trialWindows(meanings, REPORT), MEANING_THRESHOLD);
    print(`The same by embeddings, ${frame.name}`, trialTable([byMeaning]));
  }
}

function trialTable(trials: readonly Trial[]): string {
  const rows = trials.map((trial) => [
    trial.threshold,
    `${trial.falseIncidents} of ${trial.calmWindows}`,
    `${trial.nearlyFalseIncidents} of ${trial.calmWindows}`,
    `${trial.opened} of ${trial.stormWindows}`,
    percent(trial.held),
    trial.strangers,
  ]);
  return table(['above', 'false incidents', 'if 6 were enough', 'storms found', 'of their tickets', 'strangers'], rows);
}

function meanSize({ vectorise }: Vectoriser, texts: readonly string[]): string {
  const features = texts.reduce((sum, text) => sum + vectorise(text).indices.length, 0);
  return (features / texts.length).toFixed(1);
}

/** Processor time, of the quickest of some passes over all texts. */
function microseconds({ vectorise }: Vectoriser, texts: readonly string[]): string {
  const passes = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    for (const text of texts) vectorise(text);
    return process.cpuUsage(start).user;
  });
  return (Math.min(...passes) / texts.length).toFixed(0);
}

function perMillion(share = NaN): string {
  return (share * 1e6).toFixed(1);
}

function print(title: string, body: string): void {
  console.log(`\n## ${title}\n\n${body}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
