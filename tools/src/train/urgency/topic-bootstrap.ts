import { randomFrom } from '../random';

/**
 * The 95 % percentile interval of a figure when whole topics are drawn again with replacement:
 * what would other topics of the same kind have given?
 * @param topics - the topic of each ticket
 * @param figure - computes the figure from the indices of tickets
 */
export function topicInterval(
  topics: readonly string[],
  figure: (indices: readonly number[]) => number,
  options: { readonly seed: number; readonly draws?: number },
): [number, number] {
  const byTopic = new Map<string, number[]>();
  topics.forEach((topic, index) => byTopic.set(topic, [...(byTopic.get(topic) ?? []), index]));
  const groups = [...byTopic.values()];
  const random = randomFrom(options.seed);
  const draws = options.draws ?? 1000;
  const figures = Array.from({ length: draws }, () =>
    figure(groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? [])),
  ).sort((a, b) => a - b);
  const at = (share: number): number => figures[Math.round(share * (draws - 1))] ?? NaN;
  return [at(0.025), at(0.975)];
}
