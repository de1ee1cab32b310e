import { randomFrom, shuffled } from './random';

/** Positions of the tickets to train on and of those to test on. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

interface Topical {
  readonly topic: string;
  readonly category: string;
}

/**
 * The answer for every ticket from a model that is fitted without the ticket's fold.
 * @param fit - fits a model to the tickets at some positions
 */
export function crossValidate<Model, Answer>(
  folds: readonly Fold[],
  fit: (train: readonly number[]) => Model,
  answer: (model: Model, i: number) => Answer,
): Answer[] {
  const answers: Answer[] = [];
  for (const { train, test } of folds) {
    const model = fit(train);
    for (const i of test) answers[i] = answer(model, i);
  }
  return answers;
}

/** Folds of the figures: to leave out one of the hundreds of topics at a time would take hours. */
const FOLDS = 10;

/** The folds that all figures are measured by. */
export const foldsOf = (tickets: readonly Topical[], seed: number): Fold[] => topicFolds(tickets, FOLDS, seed);

/** The given number of folds of whole topics, each with about the same number of topics of every category. */
export function topicFolds(tickets: readonly Topical[], folds: number, seed: number): Fold[] {
  const random = randomFrom(seed);
  const groups = Array.from({ length: folds }, () => new Set<string>());
  let next = 0;
  for (const topics of topicsByCategory(tickets)) {
    for (const topic of shuffled(topics, random)) groups[next++ % folds]?.add(topic);
  }
  return groups.map((topics) => split(tickets, topics)).filter(({ test }) => test.length > 0);
}

/** A topic belongs to the category of its first ticket. */
function topicsByCategory(tickets: readonly Topical[]): string[][] {
  const categoryOf = new Map<string, string>();
  for (const { topic, category } of tickets) if (!categoryOf.has(topic)) categoryOf.set(topic, category);
  const topics = [...categoryOf.keys()].sort();
  return [...new Set(categoryOf.values())]
    .sort()
    .map((category) => topics.filter((t) => categoryOf.get(t) === category));
}

function split(tickets: readonly Pick<Topical, 'topic'>[], left: ReadonlySet<string>): Fold {
  const train: number[] = [];
  const test: number[] = [];
  tickets.forEach(({ topic }, i) => (left.has(topic) ? test : train).push(i));
  return { train, test };
}

/** Positions by name, names in the order in which they first occur. */
export function positionsByName(names: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  names.forEach((name, i) => {
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  });
  return groups;
}

/** The items at some positions. */
export function pick<Item>(items: readonly Item[], positions: readonly number[]): Item[] {
  return positions.map((i) => items[i] as Item);
}
