import { SIGNALS } from './signals/all-signals';
import { NEGATORS, NOT_YET } from './signals/negation';

/** Everything about the patterns that a score depends on, as one text: what weights are fitted to and checked against. */
export function describeSignals(): string {
  const lines = SIGNALS.map(({ name, direction, negatable, phrases }) =>
    [name, direction, negatable, ...phrases.map(({ source }) => source)].join('\n'),
  );
  return [...lines, ...NEGATORS.map(({ source }) => source), ...NOT_YET.map(({ source }) => source)].join('\n');
}
