import type { UrgencyWeights } from '@smart-support/urgency/training';
import type { LabelledTicket } from '../dataset';
import { meanAbsoluteError, spearman } from './agreement';

/** What the report is written from. */
export interface UrgencyFindings {
  readonly tickets: readonly LabelledTicket[];
  /** Out-of-topic prediction per ticket. */
  readonly predictions: readonly number[];
  readonly errorInterval: readonly [number, number];
  /** Out-of-topic rank correlation and error of each ridge penalty that was tried. */
  readonly tried: readonly { readonly ridge: number; readonly spearman: number; readonly error: number }[];
  readonly weights: UrgencyWeights;
  /** Tickets in which each signal was found. */
  readonly found: Readonly<Record<string, number>>;
}

/** Above this urgency an alert is due by default. */
const PRESSING = 0.8;

const figure = (value: number): string => value.toFixed(3);

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Rows of agreement per group of tickets, worst first. */
function perGroup(
  { tickets, predictions }: UrgencyFindings,
  groupOf: (ticket: LabelledTicket) => string,
): (string | number)[][] {
  const groups = new Map<string, number[]>();
  tickets.forEach((ticket, index) => {
    groups.set(groupOf(ticket), [...(groups.get(groupOf(ticket)) ?? []), index]);
  });
  return [...groups]
    .map(([name, indices]) => {
      const predicted = indices.map((index) => predictions[index] ?? 0);
      const actual = indices.map((index) => tickets[index]?.urgency ?? 0);
      return {
        name,
        count: indices.length,
        rho: spearman(predicted, actual),
        error: meanAbsoluteError(predicted, actual),
      };
    })
    .sort((a, b) => a.rho - b.rho)
    .map(({ name, count, rho, error }) => [name, count, figure(rho), figure(error)]);
}

/** Mean label of tickets by predicted score: where the two agree, a score means what the rubric says. */
function perBand({ tickets, predictions }: UrgencyFindings): (string | number)[][] {
  return Array.from({ length: 10 }, (_, band) => {
    const indices = [...predictions.keys()].filter(
      (index) => Math.min(9, Math.floor((predictions[index] ?? 0) * 10)) === band,
    );
    const average = (values: readonly number[]): string =>
      values.length ? figure(values.reduce((sum, value) => sum + value, 0) / values.length) : '-';
    return [
      `${(band / 10).toFixed(1)} - ${((band + 1) / 10).toFixed(1)}`,
      indices.length,
      average(indices.map((index) => predictions[index] ?? 0)),
      average(indices.map((index) => tickets[index]?.urgency ?? 0)),
    ];
  });
}

/** Tells the topics whose mistakes were studied while patterns were written from the others. */
function studiedOrNot(tickets: readonly LabelledTicket[]): (ticket: LabelledTicket) => string {
  const topics = [...new Set(tickets.map(({ topic }) => topic))].sort();
  const studied = new Set(topics.filter((_, index) => index % 2 === 0));
  return ({ topic }) => (studied.has(topic) ? 'studied' : 'not studied');
}

/** For thresholds of the urgent lane: how many of the pressing tickets come in, and how many tickets in all. */
function perLaneThreshold({ tickets, predictions }: UrgencyFindings): (string | number)[][] {
  const indices = [...predictions.keys()];
  const pressing = indices.filter((index) => (tickets[index]?.urgency ?? 0) > PRESSING);
  return [0.5, 0.55, 0.6, 0.65, 0.7, 0.8].map((threshold) => {
    const share = (of: readonly number[]): string =>
      `${((100 * of.filter((index) => (predictions[index] ?? 0) >= threshold).length) / of.length).toFixed(1)} %`;
    return [threshold, share(pressing), share(indices)];
  });
}

/** The urgency part of `data/report.md`. */
export function urgencyReport(findings: UrgencyFindings): string {
  const { weights, tried, found, errorInterval } = findings;
  const { manifest } = weights;
  const measured = manifest.leave_one_topic_out;
  const [low, high] = measured.spearman_interval;
  const groupHead = ['tickets', 'rank correlation', 'mean absolute error'];
  return `## Urgency baseline

Patterns for the rubric's signals, combined by a logistic function (\`libs/urgency\`, weights \`${weights.version}\`). Every figure is out of topic: a ticket is scored by
weights fitted on the other ${manifest.topics - 1} topics.

- Rank correlation (Spearman): **${figure(measured.spearman)}**, 95 % topic-bootstrap interval ${figure(low)} to ${figure(high)}
- Mean absolute error: **${figure(measured.mean_absolute_error)}**, interval ${figure(errorInterval[0])} to ${figure(errorInterval[1])}

Ridge penalty, chosen by rank correlation (${manifest.ridge}):

${table(
  ['penalty', 'rank correlation', 'mean absolute error'],
  tried.map(({ ridge, spearman: rho, error }) => [ridge, figure(rho), figure(error)]),
)}

### By voice

${table(
  ['register', ...groupHead],
  perGroup(findings, ({ register }) => register),
)}

### Hard and ordinary

${table(
  ['', ...groupHead],
  perGroup(findings, ({ hard }) => (hard ? 'hard' : 'ordinary')),
)}

### Topics in view

While the patterns were being written, mistakes were studied in every second topic only (in alphabetical order). The other half says more truly how
wordings fare that nobody had in mind.

${table(['mistakes', ...groupHead], perGroup(findings, studiedOrNot(findings.tickets)))}

### What a score means

${table(['score', 'tickets', 'mean score', 'mean label'], perBand(findings))}

### The lane at the door

Which tickets a gateway would put into the urgent lane from a given score on. Pressing: labelled above ${PRESSING}.

${table(['score from', 'pressing tickets', 'all tickets'], perLaneThreshold(findings))}

### Weights

Change of the score's logit for one find in a text of usual length; bias ${figure(weights.bias)}.

${table(
  ['signal', 'tickets', 'weight'],
  Object.entries(weights.weights).map(([name, weight]) => [`\`${name}\``, found[name] ?? 0, weight.toFixed(2)]),
)}
`;
}
