import type { UrgencyHeadWeights } from '@smart-support/urgency';
import type { LabelledTicket } from '../../dataset';
import { between, figure, table } from '../../report/markdown';
import { meanAbsoluteError, spearman } from '../agreement';
import type { HeadSettings, TriedSetting } from './choose-settings';
import type { Agreement, Figure } from './figures';
import type { Recipe } from './likeness-parts';
import { pick } from './rounds';
import { SHIPPED } from './variants';

/** A variant and what it reaches out of topic. */
export interface VariantFindings {
  readonly name: string;
  readonly recipe: Recipe;
  /** What the regression said of each ticket, and the score it was calibrated to. */
  readonly answers: readonly number[];
  readonly scores: readonly number[];
  readonly agreement: Agreement;
}

/** Figures on the second round of tickets; lists are in the order of the variants. */
export interface SecondRoundFindings {
  readonly tickets: number;
  /** Only the ticket's own topic was left out. */
  readonly leftOut: readonly Agreement[];
  /** Taught by the first round alone. */
  readonly untaught: readonly Agreement[];
  readonly baseline: { readonly leftOut: Agreement; readonly untaught: Agreement };
  /** The shipped variant less the baseline. */
  readonly gain: { readonly leftOut: Agreement; readonly untaught: Agreement };
}

/** What the report is written from. */
export interface UrgencyHeadFindings {
  readonly tickets: readonly LabelledTicket[];
  readonly weights: UrgencyHeadWeights;
  readonly settings: HeadSettings;
  readonly tried: readonly TriedSetting[];
  readonly variants: readonly VariantFindings[];
  /** The shipped variant's out-of-topic scores. */
  readonly scores: readonly number[];
  readonly baseline: { readonly scores: readonly number[]; readonly agreement: Agreement; readonly gain: Agreement };
  /** Absent when the tickets are all of one round. */
  readonly secondRound: SecondRoundFindings | undefined;
  /** By how much packing moves the score of a training ticket at most. */
  readonly shift: number;
}

const WEAKEST_TOPICS = 12;

/** Ideas that were measured before in a throw-away program: trained on the first round, tested on the second. */
const DROPPED = `Tried in a throw-away program and dropped. Rank correlations trained on the first round and tested on the second, where the model
of the day stood at 0.897: the directions that only tell topics apart taken out of the embedding (0.891 to 0.898), the
embedding whitened within topics (0.889 to 0.895), the metric learnt with the model (recursive feature machine, 0.892 to 0.895), likeness of wording
inside the exponential (0.871 to 0.898), words marked as negated (0.897), word triples (0.897) and words at a distance (0.897), where in the text a
signal stands (0.897), pairs of signals (0.898), the matched phrases as features (0.898), a linear part of the signals (0.893), ranks or plain labels instead
of logits (0.897, 0.894). Likeness of single words by their own embeddings gave 0.900, too little for shipping a lexicon of vectors. Kept were the
small words that the classifier's TF-IDF leaves out, word beginnings instead of whole words, opening and closing, and labels held away from 0 and 1.
That program looked at both rounds, if only the first chose: for what the head is made of, the second round is not quite an untouched test. The challenge set is.`;

/** The head's part of `data/report.md`. */
export function urgencyHeadReport(findings: UrgencyHeadFindings): string {
  const { weights, baseline, variants, settings, shift } = findings;
  const { manifest, data } = weights;
  const shipped = variants.find(({ name }) => name === SHIPPED)?.agreement ?? baseline.agreement;
  return `## Urgency head

Kernel ridge regression on the ticket's embedding (${manifest.embedder.name}, \`${manifest.embedder.version}\`), the signals of the baseline and the wording
(\`libs/urgency\`, weights \`${manifest.hash.slice(0, 12)}\`): ${manifest.tickets} training tickets, ${manifest.features} wording features, ${Math.round(data.length / 1024)} KiB packed, which
moves no training ticket's score by more than ${shift.toFixed(4)}. Every figure is out of topic.

- Rank correlation (Spearman): **${withInterval(shipped.spearman)}**; the baseline's ${withInterval(baseline.agreement.spearman)}
- Mean absolute error: **${withInterval(shipped.error)}**; the baseline's ${withInterval(baseline.agreement.error)}

Intervals are 95 % topic-bootstrap intervals; of a difference, with the same topics drawn for both.

${gains(findings)}

### What it is made of

${variantTable(findings)}

### Settings

Chosen one after the other by the rank correlation out of topic on the first round of tickets alone, a gain of less than 0.001 being none. In use:
${settings.components} components, meaning width ${settings.meaningWidth}, signal width ${settings.signalWidth}, wording weight ${settings.wordingWeight}, ridge ${settings.ridge}, label margin ${settings.labelMargin}.

${table(
  ['setting', 'value', 'rank correlation'],
  findings.tried.map(({ setting, value, spearman: rho }) => [setting, value, rho.toFixed(4)]),
)}

${DROPPED}

### What a score of the head means

${table(['score', 'tickets', 'mean score', 'mean label', 'mean absolute error'], perScore(findings))}

### Head and baseline by band

The bands are those of the labels.

${comparison(findings, 'label', ({ urgency }) => bandOf(urgency), byName)}

### Head and baseline by voice

${comparison(findings, 'register', ({ register }) => register, byHead)}

### Head and baseline, hard and ordinary

${comparison(findings, '', ({ hard }) => (hard ? 'hard' : 'ordinary'), byHead)}

### The head's weakest topics

${comparison(findings, 'topic', ({ topic }) => topic, byHead, WEAKEST_TOPICS)}
`;
}

const withInterval = ({ value, interval }: Figure): string => `${figure(value)} (${between(interval, figure)})`;

const signed = (value: number): string => `${value > 0 ? '+' : ''}${figure(value)}`;
const withSignedInterval = ({ value, interval }: Figure): string => `${signed(value)} (${between(interval, signed)})`;

function gains({ baseline, secondRound }: UrgencyHeadFindings): string {
  const row = (name: string, head: string, gain: Agreement): string[] => [
    name,
    head,
    withSignedInterval(gain.spearman),
    withSignedInterval(gain.error),
  ];
  const rows = [row('all tickets', 'all other topics', baseline.gain)];
  if (secondRound) {
    const second = `second round (${secondRound.tickets})`;
    rows.push(row(second, 'all other topics', secondRound.gain.leftOut));
    rows.push(row(second, 'the first round alone', secondRound.gain.untaught));
  }
  return `How much better than the baseline. The second round was written by others when the patterns of the signals were finished: it shows how either fares with
wordings that nobody had in mind.

${table(['tickets', 'both learnt from', 'rank correlation', 'mean absolute error'], rows)}`;
}

function variantTable({ variants, baseline, secondRound }: UrgencyHeadFindings): string {
  const head = ['', 'rank correlation', 'mean absolute error'];
  const rows = [{ name: 'baseline: signals, linear', agreement: baseline.agreement }, ...variants].map(
    ({ name, agreement }) => [name, withInterval(agreement.spearman), withInterval(agreement.error)],
  );
  if (!secondRound) return table(head, rows);
  const leftOut = [secondRound.baseline.leftOut, ...secondRound.leftOut];
  const untaught = [secondRound.baseline.untaught, ...secondRound.untaught];
  return table(
    [...head, 'rank correlation, second round', 'taught by the first round alone'],
    rows.map((row, i) => [
      ...row,
      figure(leftOut[i]?.spearman.value ?? NaN),
      untaught[i] ? withInterval(untaught[i].spearman) : '-',
    ]),
  );
}

const bandOf = (score: number): string => {
  const band = Math.min(9, Math.floor(score * 10 + 1e-9));
  return `${(band / 10).toFixed(1)} - ${((band + 1) / 10).toFixed(1)}`;
};

interface Group {
  readonly name: string;
  readonly indices: readonly number[];
}

function grouped(tickets: readonly LabelledTicket[], nameOf: (ticket: LabelledTicket, i: number) => string): Group[] {
  const groups = new Map<string, number[]>();
  tickets.forEach((ticket, i) => {
    const name = nameOf(ticket, i);
    groups.set(name, [...(groups.get(name) ?? []), i]);
  });
  return [...groups].map(([name, indices]) => ({ name, indices }));
}

function perScore({ tickets, scores }: UrgencyHeadFindings): (string | number)[][] {
  const mean = (values: readonly number[]): string => figure(values.reduce((a, b) => a + b, 0) / values.length);
  const labels = tickets.map(({ urgency }) => urgency);
  return grouped(tickets, (_, i) => bandOf(scores[i] ?? 0))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, indices }) => {
      const [given, true_] = [pick(scores, indices), pick(labels, indices)];
      return [name, indices.length, mean(given), mean(true_), figure(meanAbsoluteError(given, true_))];
    });
}

interface Comparison {
  readonly name: string;
  readonly tickets: number;
  readonly head: { readonly rho: number; readonly error: number };
  readonly baseline: { readonly rho: number; readonly error: number };
}

type Order = (a: Comparison, b: Comparison) => number;
const byName: Order = (a, b) => (a.name < b.name ? -1 : 1);
const byHead: Order = (a, b) => a.head.rho - b.head.rho || byName(a, b);

function comparison(
  { tickets, scores, baseline }: UrgencyHeadFindings,
  title: string,
  nameOf: (ticket: LabelledTicket) => string,
  order: Order,
  limit = Infinity,
): string {
  const labels = tickets.map(({ urgency }) => urgency);
  const rows = grouped(tickets, nameOf).map(({ name, indices }): Comparison => {
    const of = (all: readonly number[]) => ({
      rho: spearman(pick(all, indices), pick(labels, indices)),
      error: meanAbsoluteError(pick(all, indices), pick(labels, indices)),
    });
    return { name, tickets: indices.length, head: of(scores), baseline: of(baseline.scores) };
  });
  return table(
    [title, 'tickets', 'rank correlation', "baseline's", 'mean absolute error', "baseline's"],
    rows
      .sort(order)
      .slice(0, limit)
      .map(({ name, tickets: count, head, baseline: base }) => [
        name,
        count,
        figure(head.rho),
        figure(base.rho),
        figure(head.error),
        figure(base.error),
      ]),
  );
}
