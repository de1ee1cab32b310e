import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { createWordVectoriser } from '@smart-support/classifier';
import { DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { loadOutages, loadTickets } from '../train/dataset';
import { percent, table } from '../train/report/markdown';
import { lowShare, pairShares } from './pair-shares';
import { seeMeanings, seeWords } from './seen-ticket';
import { type Frame, halvesOf, seenThrough } from './texts';
import { type Trial, trialWindows, tryThreshold } from './trial';
import { runTool } from '../workspace/run-tool';

/** The same from `src/storm-threshold` and from `dist/storm-threshold`. */
const ROOT = resolve(__dirname, '../../..');
const THRESHOLDS = Array.from({ length: 14 }, (_, step) => (30 + 5 * step) / 100);
const { similarity: MEANING_THRESHOLD, baselineSimilarity: WORD_THRESHOLD } = DEFAULT_BROKER_OPTIONS.storm;
const WINDOWS = { calmWindows: 20, seed: 20_252 };

const FRAMES: readonly Frame[] = [
  { name: 'no frame', above: '', below: '' },
  { name: 'courtesies', above: 'Good morning all,\n', below: '\n\nBest wishes\nWritten on my tablet' },
  {
    name: 'a form',
    above: 'Support request (web portal)\nAccount: example-77\nPlan: Business\nBrowser: Firefox 140\nDescription:\n',
    below: '\nAttachments: none. May we contact you by phone: no',
  },
  {
    name: "a company's footer",
    above: '',
    below:
      '\n\nExample GmbH, registered office in Exampletown. The contents of this message are privileged; any use by third parties is forbidden. ' +
      'We have scanned it for viruses but take no liability for damage.',
  },
];

/** Prints the effect of the thresholds above which two tickets are similar, by words and by embeddings, on the half of the texts on which the threshold of words was not chosen. */
async function main(): Promise<void> {
  // Refuses every option.
  parseArgs({ options: {} });
  const tickets = loadTickets(resolve(ROOT, 'data/tickets'));
  const [, texts] = halvesOf(tickets, loadOutages(resolve(ROOT, 'data/storms.jsonl')));
  const words = createWordVectoriser();
  for (const frame of FRAMES) {
    const seen = await seenThrough(texts, frame, (all) => seeWords(words, all));
    const hasFrame = frame.above + frame.below !== '';
    const windows = trialWindows(seen, WINDOWS);
    const thresholds = hasFrame ? [WORD_THRESHOLD] : THRESHOLDS;
    print(`By words, ${frame.name}`, trialTable(thresholds.map((one) => tryThreshold(windows, one))));
    if (!hasFrame) {
      const variants = pairShares(seen.outages, THRESHOLDS);
      const ordinary = pairShares(seen.ordinary, THRESHOLDS);
      const rows = THRESHOLDS.map((one, i) => [
        one,
        percent(variants[i]?.same ?? NaN),
        percent(variants[i]?.different ?? NaN),
        percent(ordinary[i]?.same ?? NaN),
        ((ordinary[i]?.different ?? NaN) * 1e6).toFixed(1),
      ]);
      const head = ['above', 'near-copies of one outage', 'two outages', 'one topic', 'two topics, in a million'];
      print('Pairs of tickets by words', table(head, rows));
    }
    const meanings = await seenThrough(texts, frame, (all) => seeMeanings(MODEL_DIRECTORY, all));
    const low = [lowShare(seen.outages, WORD_THRESHOLD), lowShare(meanings.outages, MEANING_THRESHOLD)].map(percent);
    const lowHead = ['by words', 'by embeddings'];
    print(`Similar pairs of one outage whose similarity counts as low, ${frame.name}`, table(lowHead, [low]));
    const byMeaning = tryThreshold(trialWindows(meanings, WINDOWS), MEANING_THRESHOLD);
    print(`By embeddings, ${frame.name}`, trialTable([byMeaning]));
  }
}

function trialTable(trials: readonly Trial[]): string {
  const rows = trials.map((trial) => [
    trial.threshold,
    `${trial.falseIncidents} of ${trial.calmWindows}`,
    `${trial.nearlyFalseIncidents} of ${trial.calmWindows}`,
    `${trial.opened} of ${trial.stormWindows}`,
    percent(trial.members),
    trial.strangers,
  ]);
  const head = ['above', 'false incidents', 'if 6 were enough', 'storms found', 'members of their tickets', 'others'];
  return table(head, rows);
}

function print(title: string, body: string): void {
  console.log(`\n## ${title}\n\n${body}`);
}

runTool(main);
