import { createHash } from 'node:crypto';
import { describeSignals } from '../describe-signals';
import { SIGNALS } from '../signals/all-signals';
import { URGENCY_WEIGHTS } from './weights';

describe('the shipped weights', () => {
  it('hold one number for every signal and none for others', () => {
    expect(Object.keys(URGENCY_WEIGHTS.weights)).toEqual(SIGNALS.map(({ name }) => name));
  });

  it.each(SIGNALS.map(({ name, direction }) => [name, direction]))('%s only %s', (name, direction) => {
    const weight = URGENCY_WEIGHTS.weights[name] ?? NaN;
    expect(direction === 'raises' ? weight : -weight).toBeGreaterThanOrEqual(0);
  });

  it('let tone count for little', () => {
    const raising = SIGNALS.filter(({ direction }) => direction === 'raises').map(
      ({ name }) => URGENCY_WEIGHTS.weights[name] ?? 0,
    );
    expect(URGENCY_WEIGHTS.weights['tone_pressing']).toBeLessThan(Math.max(...raising) / 3);
  });

  it('belong to these patterns: after a change of a pattern, run `npx nx run tools:train`', () => {
    expect(URGENCY_WEIGHTS.manifest.patterns_sha256).toBe(createHash('sha256').update(describeSignals()).digest('hex'));
  });
});
