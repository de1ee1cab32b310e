import { CATEGORIES } from '@smart-support/contracts';
import type { DoubleLabel, LabelledTicket } from '../dataset';
import { accuracy, cohensKappa, confusionMatrix, sum } from '../metrics';
import { meanAbsoluteError, spearman } from '../urgency/agreement';
import { figure, percent, table } from './markdown';

/** What the models learn from, and how far two labellers agreed on it. */
export function dataSection(tickets: readonly LabelledTicket[], labels: readonly DoubleLabel[] | undefined): string {
  const topics = new Set(tickets.map(({ topic }) => topic)).size;
  const hard = tickets.filter(({ hard: why }) => why !== undefined).length;
  const perCategory = CATEGORIES.map((category) => {
    const own = tickets.filter((ticket) => ticket.category === category);
    const length = sum(own.map(({ text }) => text.length)) / own.length;
    return [category, own.length, new Set(own.map(({ topic }) => topic)).size, Math.round(length)];
  });
  const registers = [...new Set(tickets.map(({ register }) => register))].sort();
  const perRegister = registers.map((register) => [
    register,
    ...CATEGORIES.map((category) => tickets.filter((t) => t.register === register && t.category === category).length),
  ]);
  return `## Data

${tickets.length} tickets about ${topics} topics, ${hard} of them marked as hard. A topic keeps its name when a ticket of it was given another category.

${table(['category', 'tickets', 'topics', 'mean characters'], perCategory)}

${table(['register', ...CATEGORIES], perRegister)}
${labels === undefined ? '' : `\n${agreement(labels)}`}`;
}

function agreement(labels: readonly DoubleLabel[]): string {
  const index = (category: (typeof CATEGORIES)[number]) => CATEGORIES.indexOf(category);
  const firstCategory = labels.map(({ first }) => index(first.category));
  const secondCategory = labels.map(({ second }) => index(second.category));
  const first = labels.map(({ first: { urgency } }) => urgency);
  const second = labels.map(({ second: { urgency } }) => urgency);
  // Labels are steps of 0.05: a hair more than the limit keeps rounding out of the comparison.
  const within = (limit: number) =>
    first.filter((urgency, i) => Math.abs(urgency - (second[i] ?? 0)) <= limit + 1e-9).length / first.length;
  const kappa = cohensKappa(confusionMatrix(firstCategory, secondCategory, CATEGORIES.length));
  return `### Two labels for each ticket

${labels.length} tickets were labelled twice, the second time from the text and the rubric alone.

- Category: ${percent(accuracy(firstCategory, secondCategory))} equal, Cohen's kappa ${figure(kappa)}
- Urgency: rank correlation (Spearman) ${figure(spearman(first, second))}, mean absolute difference ${figure(meanAbsoluteError(first, second))}, ${percent(within(0.1))} within 0.1, ${percent(within(0.2))} within 0.2
`;
}
