import { randomFrom, shuffled } from './random';

/** Which tickets teach and which test, by their position. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

interface Topical {
  readonly topic: string;
  readonly category: string;
}

/** One fold for every topic: what does a model answer about a matter that it has never seen? */
export function leaveOneTopicOut(tickets: readonly Topical[]): Fold[] {
  const topics = [...new Set(tickets.map(({ topic }) => topic))].sort();
  return topics.map((topic) => split(tickets, new Set([topic])));
}

/**
 * So many folds of whole topics, each with about the same number of topics of every category: quicker than leaving
 * topics out one by one, for comparing models with each other.
 */
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

function split(tickets: readonly Topical[], left: ReadonlySet<string>): Fold {
  const train: number[] = [];
  const test: number[] = [];
  tickets.forEach(({ topic }, i) => (left.has(topic) ? test : train).push(i));
  return { train, test };
}
