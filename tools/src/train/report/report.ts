import { CATEGORIES } from '@smart-support/contracts';
import { positionsByName } from '../cross-validation';
import type { DoubleLabel, LabelledTicket } from '../dataset';
import { accuracy, cohensKappa, confusionMatrix, mean, meanAbsoluteError, spearman } from '../metrics';
import { type CategoryFindings, categorySection } from './category-section';
import { figure, percent, type Row, table } from './markdown';
import { type UrgencyFindings, urgencySection } from './urgency-section';

/** What the report is written from. */
export interface Findings extends CategoryFindings, UrgencyFindings {
  readonly labels: readonly DoubleLabel[];
}

/** `data/report.md` without its part about reports of failures. The same findings give the same text: no date, no duration. */
export function renderReport(findings: Findings): string {
  return `# What the models reach

Written by \`npx nx run tools:train\` (seed ${findings.seed}); the data are described in [README.md](README.md) and [rubric.md](rubric.md).
The shipped models on tickets that are never trained on: [challenge/report.md](challenge/report.md).

Every figure is out of topic: a ticket is judged by a model that is fitted and calibrated without its topic. Intervals are 95 % topic-bootstrap intervals; those of a
difference draw the same topics for both sides. The hyperparameters were chosen on the same topics, so expect slightly less elsewhere.

${dataSection(findings)}

${categorySection(findings)}

${urgencySection(findings)}
`;
}

/** What the models learn from, and how far two labellers agree on it. */
function dataSection({ tickets, labels }: Findings): string {
  const perCategory = CATEGORIES.map((category): Row => {
    const own = tickets.filter((ticket) => ticket.category === category);
    const length = mean(own.map(({ text }) => text.length));
    return [category, own.length, topicsOf(own), Math.round(length)];
  });
  const registers = [...positionsByName(tickets.map(({ register }) => register)).keys()].sort();
  const perRegister = registers.map((register) => [
    register,
    ...CATEGORIES.map((category) => tickets.filter((t) => t.register === register && t.category === category).length),
  ]);
  return `## Data

${tickets.length} tickets about ${topicsOf(tickets)} topics, ${tickets.filter(({ hard }) => hard !== undefined).length} of them marked as hard. A topic keeps its name when a ticket of it gets another category.

${table(['category', 'tickets', 'topics', 'mean characters'], perCategory)}

${table(['register', ...CATEGORIES], perRegister)}

### Two labels for each ticket

${agreement(labels)}`;
}

const topicsOf = (tickets: readonly LabelledTicket[]): number => new Set(tickets.map(({ topic }) => topic)).size;

function agreement(labels: readonly DoubleLabel[]): string {
  const categories = (which: 'first' | 'second') => labels.map((label) => CATEGORIES.indexOf(label[which].category));
  const urgencies = (which: 'first' | 'second') => labels.map((label) => label[which].urgency);
  const [firstCategory, secondCategory] = [categories('first'), categories('second')];
  const [first, second] = [urgencies('first'), urgencies('second')];
  // Labels are steps of 0.05: the tolerance keeps rounding out of the comparison.
  const within = (limit: number) =>
    first.filter((urgency, i) => Math.abs(urgency - (second[i] ?? 0)) <= limit + 1e-9).length / first.length;
  const kappa = cohensKappa(confusionMatrix(firstCategory, secondCategory, CATEGORIES.length));
  return `${labels.length} tickets were labelled twice, the second time from the text and the rubric alone.

- Category: ${percent(accuracy(firstCategory, secondCategory))} equal, Cohen's kappa ${figure(kappa)}
- Urgency: rank correlation (Spearman) ${figure(spearman(first, second))}, mean absolute difference ${figure(meanAbsoluteError(first, second))}, ${percent(within(0.1))} within 0.1, ${percent(within(0.2))} within 0.2`;
}
