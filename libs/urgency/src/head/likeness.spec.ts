import fc from 'fast-check';
import { SIGNALS } from '../signals/all-signals';
import { decodeUrgencyHead } from './head-weights-format';
import { URGENCY_HEAD_WEIGHTS } from './head-weights';
import { Likeness } from './likeness';

const COMPONENTS = 2;
const WIDTH = SIGNALS.length;
const SCALES = SIGNALS.map((_, signal) => (signal === 5 ? 0 : 1 + signal / 10));

const NUMBERS = (length: number) =>
  fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: length, maxLength: length });
/** Strengths of signals, most of them 0. */
const STRENGTHS = fc
  .array(fc.tuple(fc.nat({ max: WIDTH - 1 }), fc.double({ min: 0.1, max: 1.8, noNaN: true })), { maxLength: 5 })
  .map((found) => {
    const strengths = new Float64Array(WIDTH);
    for (const [signal, strength] of found) strengths[signal] = strength;
    return strengths;
  });
const SUPPORT = fc.array(
  fc.record({
    relevance: fc.double({ min: -2, max: 2, noNaN: true }),
    place: NUMBERS(COMPONENTS),
    strengths: STRENGTHS,
  }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

type Support = typeof SUPPORT extends fc.Arbitrary<infer Rows> ? Rows : never;

function likenessOf(support: Support): Likeness {
  return new Likeness({
    ...decodeUrgencyHead(URGENCY_HEAD_WEIGHTS),
    components: COMPONENTS,
    tickets: support.length,
    meaningWidth: 0.7,
    signalWidth: 0.05,
    signalScales: SCALES,
    relevances: Float64Array.from(support, ({ relevance }) => relevance),
    meanings: Float64Array.from(support.flatMap(({ place }) => place)),
    signals: Float64Array.from(support.flatMap(({ strengths }) => [...strengths])),
  });
}

/** The formula, word for word. */
function total(support: Support, place: readonly number[], strengths: Float64Array): number {
  return support.reduce((sum, { relevance, place: other, strengths: others }) => {
    const meaning = place.reduce((distance, value, k) => distance + (value - (other[k] ?? 0)) ** 2, 0);
    const signals = strengths.reduce(
      (distance, value, k) => distance + ((value - (others[k] ?? 0)) * (SCALES[k] ?? 0)) ** 2,
      0,
    );
    return sum + relevance * Math.exp(-0.7 * meaning - 0.05 * signals);
  }, 0);
}

describe('likeness to the training tickets', () => {
  it('adds up what each says, and knows what each signal changes', () => {
    fc.assert(
      fc.property(SUPPORT, NUMBERS(COMPONENTS), STRENGTHS, (support, place, strengths) => {
        const answer = likenessOf(support).ask(Float64Array.from(place), strengths);
        const whole = total(support, place, strengths);
        expect(answer.total).toBeCloseTo(whole, 5);
        SIGNALS.forEach((_, signal) => {
          const without = strengths.map((strength, k) => (k === signal ? 0 : strength));
          expect(answer.effects[signal]).toBeCloseTo(whole - total(support, place, without), 5);
        });
      }),
    );
  });

  it('keeps nothing from one ticket to the next', () => {
    const support: Support = [{ relevance: 1, place: [0, 1], strengths: new Float64Array(WIDTH).fill(1) }];
    const likeness = likenessOf(support);
    const calm = new Float64Array(WIDTH);
    const first = likeness.ask(Float64Array.of(0, 1), calm).total;
    likeness.ask(Float64Array.of(0, 1), new Float64Array(WIDTH).fill(1));
    expect(likeness.ask(Float64Array.of(0, 1), calm).total).toBe(first);
  });
});
