import { positionsByName, pick } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { differenceOf, errorAt, figureOf, spearmanAt } from '../figures';
import { mean, meanAbsoluteError, spearman } from '../metrics';
import type { UrgencyTraining } from '../urgency/train-urgency';
import type { UrgencyHeadTraining } from '../urgency/train-urgency-head';
import { figure, percent, type Row, signedWithInterval, table, withInterval } from './markdown';

/** What the part about urgency is written from. */
export interface UrgencyFindings {
  readonly tickets: readonly LabelledTicket[];
  readonly urgency: UrgencyTraining;
  readonly urgencyHead: UrgencyHeadTraining;
  readonly seed: number;
}

/** Above this urgency an alert is due by default. */
const PRESSING = 0.8;

const LANE_THRESHOLDS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.8];
const WEAKEST_TOPICS = 12;

/** The part of `data/report.md` about the urgency baseline and the urgency head. */
export function urgencySection(findings: UrgencyFindings): string {
  const { tickets, urgency, urgencyHead, seed } = findings;
  const { manifest, version, bias, weights } = urgency.weights;
  const { manifest: head } = urgencyHead.weights;
  const labels = tickets.map((ticket) => ticket.urgency);
  const by = { topics: tickets.map(({ topic }) => topic), seed };
  const measures = [spearmanAt, errorAt];
  const row = (name: string, scores: readonly number[]) => [
    name,
    ...measures.map((measure) => withInterval(figureOf(by, measure(scores, labels)))),
  ];
  const gains = measures.map((measure) =>
    signedWithInterval(
      figureOf(by, differenceOf(measure(urgencyHead.scores, labels), measure(urgency.scores, labels))),
    ),
  );
  return `## Urgency

- Baseline: patterns for the rubric's signals, combined by a logistic function (\`libs/urgency\`, weights \`${version}\`).
- Head: two logistic regressions on the ticket's embedding (${head.embedder.name}, \`${head.embedder.version}\`) and the signals of the baseline (weights \`${head.hash.slice(0, 12)}\`), the urgency in general and the probability of an emergency: ${head.training.tickets} training tickets, ridge ${head.training.ridge}.

${table(
  ['', 'rank correlation (Spearman)', 'mean absolute error'],
  [row('baseline', urgency.scores), row('**head**', urgencyHead.scores), ['head less baseline', ...gains]],
)}

Ridge penalty of the baseline, chosen by rank correlation (${manifest.ridge}):

${table(
  ['penalty', 'rank correlation', 'mean absolute error'],
  urgency.tried.map(({ ridge, spearman: rho, error }) => [ridge, figure(rho), figure(error)]),
)}

### What a score means

${perScore('score of the baseline', urgency.scores, labels)}

${perScore('score of the head', urgencyHead.scores, labels)}

### The urgent lane

The share of tickets that enter the urgent lane from a given score of the baseline on. Pressing: labelled above ${PRESSING}.

${perLaneThreshold(urgency.scores, labels)}

### By label

${comparison(findings, 'label', ({ urgency: label }) => bandOf(label), byName)}

### By voice

${comparison(findings, 'register', ({ register }) => register, byHead)}

### Hard and ordinary

${comparison(findings, '', ({ hard }) => (hard === undefined ? 'ordinary' : 'hard'), byHead)}

### Weakest topics of the head

${comparison(findings, 'topic', ({ topic }) => topic, byHead, WEAKEST_TOPICS)}

### Weights of the baseline

Change of the score's logit by one match in a text of ordinary length; bias ${figure(bias)}.

${table(
  ['signal', 'tickets', 'weight'],
  Object.entries(weights).map(([name, weight]) => [`\`${name}\``, urgency.found[name] ?? 0, weight.toFixed(2)]),
)}`;
}

function bandOf(score: number): string {
  const band = Math.min(9, Math.floor(score * 10 + 1e-9));
  return `${(band / 10).toFixed(1)} - ${((band + 1) / 10).toFixed(1)}`;
}

function perScore(head: string, scores: readonly number[], labels: readonly number[]): string {
  const rows = [...positionsByName(scores.map(bandOf))].sort(byName).map(([name, positions]): Row => {
    const [given, label] = [pick(scores, positions), pick(labels, positions)];
    return [name, positions.length, ...[mean(given), mean(label), meanAbsoluteError(given, label)].map(figure)];
  });
  return table([head, 'tickets', 'mean score', 'mean label', 'mean absolute error'], rows);
}

function perLaneThreshold(scores: readonly number[], labels: readonly number[]): string {
  const pressing = scores.filter((_, i) => (labels[i] ?? 0) > PRESSING);
  const share = (of: readonly number[], threshold: number) =>
    percent(of.filter((score) => score >= threshold).length / of.length);
  return table(
    ['score from', 'pressing tickets', 'all tickets'],
    LANE_THRESHOLDS.map((threshold) => [threshold, share(pressing, threshold), share(scores, threshold)]),
  );
}

type Named = readonly [name: string, ...rest: unknown[]];
type Group = readonly [name: string, tickets: number, rho: number, baselineRho: number, error: number, error: number];
type Order<Item extends Named> = (a: Item, b: Item) => number;

const byName: Order<Named> = ([a], [b]) => (a < b ? -1 : 1);
const byHead: Order<Group> = (a, b) => a[2] - b[2] || byName(a, b);

function comparison(
  { tickets, urgency, urgencyHead }: UrgencyFindings,
  title: string,
  nameOf: (ticket: LabelledTicket) => string,
  order: Order<Group>,
  most = Infinity,
): string {
  const groups = [...positionsByName(tickets.map(nameOf))].map(([name, positions]): Group => {
    const own = pick(tickets, positions).map((ticket) => ticket.urgency);
    const [head, baseline] = [pick(urgencyHead.scores, positions), pick(urgency.scores, positions)];
    const rhos = [spearman(head, own), spearman(baseline, own)] as const;
    return [name, positions.length, ...rhos, meanAbsoluteError(head, own), meanAbsoluteError(baseline, own)];
  });
  return table(
    [title, 'tickets', 'rank correlation', "baseline's", 'mean absolute error', "baseline's"],
    groups
      .sort(order)
      .slice(0, most)
      .map(([name, count, ...figures]) => [name, count, ...figures.map(figure)]),
  );
}
