import type { LabelledTicket } from '../../dataset';

/** Tickets of the second round of writing have ids that begin with this. They were written when the signals' patterns were finished. */
const SECOND_ROUND = 'x';

/** Positions of the tickets of each round. */
export function roundsOf(tickets: readonly LabelledTicket[]): { readonly first: number[]; readonly second: number[] } {
  const positions = [...tickets.keys()];
  const isSecond = (i: number): boolean => tickets[i]?.id.startsWith(SECOND_ROUND) ?? false;
  return { first: positions.filter((i) => !isSecond(i)), second: positions.filter(isSecond) };
}

/** Positions of the tickets of each topic, topics in alphabetical order. */
export function topicGroups(tickets: readonly LabelledTicket[]): number[][] {
  const groups = new Map<string, number[]>();
  tickets.forEach(({ topic }, i) => groups.set(topic, [...(groups.get(topic) ?? []), i]));
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Some of a list. */
export const pick = <Item>(items: readonly Item[], indices: readonly number[]): Item[] =>
  indices.map((i) => items[i] as Item);
