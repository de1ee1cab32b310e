import { CATEGORIES, REVIEW_REASONS } from '@smart-support/contracts';
import fc from 'fast-check';
import { evaluate } from './evaluate';
import { Outcomes } from './outcomes';
import type { Predictor, TicketPrediction } from './predictor';
import { measure } from './results';
import { LABELS } from './tickets/labels';
import type { LabelledTicket } from './tickets/labelled-tickets';

const OPTIONS = { alertThreshold: 0.8, seed: 1 };

const ticket = (line: number, changes: Partial<LabelledTicket> = {}): LabelledTicket => ({
  ...{ line, text: `Text ${line}`, subject: null, category: undefined, urgency: undefined },
  ...changes,
});

const prediction = (changes: Partial<TicketPrediction> = {}): TicketPrediction => ({
  ...{ category: 'Billing', confidence: 0.9, urgency_score: 0.5, review_reasons: [], degraded: false },
  ...changes,
});

type Case = readonly [Partial<LabelledTicket>, Partial<TicketPrediction>];

function outcomesOf(cases: readonly Case[]): Outcomes {
  const outcomes = new Outcomes('file');
  cases.forEach(([label, answer], i) => outcomes.addPrediction(ticket(i + 1, label), prediction(answer)));
  return outcomes;
}

/** Five tickets: two right, one wrong and flagged, two of no category, of which one is flagged. */
const FIVE: readonly Case[] = [
  [{ category: 'Billing' }, { category: 'Billing', confidence: 0.95 }],
  [{ category: 'Billing' }, { category: 'Legal', confidence: 0.45, review_reasons: ['low_confidence'] }],
  [{ category: 'Legal' }, { category: 'Legal', confidence: 0.85 }],
  [{ category: 'none' }, { category: 'Legal', confidence: 0.9, review_reasons: ['unlike_training', 'language'] }],
  [{ category: 'none' }, { category: 'Billing', confidence: 0.7 }],
];

describe('categories', () => {
  const { category, review } = measure(outcomesOf(FIVE), OPTIONS);

  it('are right where they are the label, and a ticket of no category where it is flagged', () => {
    expect(category?.accuracy.value).toBeCloseTo(3 / 5, 12);
    expect(category?.none).toEqual({ tickets: 2, flagged: 0.5 });
  });

  it('are counted by label and prediction', () => {
    expect(category?.confusion).toEqual([
      [1, 0, 1, 0],
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [1, 0, 0, 1],
    ]);
  });

  it('have precision, recall and F1, and the mean F1 of those that occur', () => {
    // Billing: 1 of 2 predicted, 1 of 2 labelled. Legal: 1 of 2 predicted, 1 of 1 labelled.
    expect(category?.labels).toEqual([
      { label: 'Billing', tickets: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
      { label: 'Technical', tickets: 0, precision: NaN, recall: NaN, f1: 0 },
      { label: 'Legal', tickets: 1, precision: 0.5, recall: 1, f1: 2 / 3 },
    ]);
    expect(category?.macroF1.value).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
  });

  it('have a calibration over the tickets of our categories', () => {
    // Confidence 0.95 and 0.85 right, 0.45 wrong: (0.05 + 0.15 + 0.45) / 3.
    expect(category?.calibration?.expectedCalibrationError).toBeCloseTo(0.65 / 3, 12);
    expect(category?.calibration?.bins.map(({ tickets }) => tickets)).toEqual([1, 1, 1]);
  });

  it('are flagged by reason, with the accuracy on either side', () => {
    expect(review.flagged).toEqual({ tickets: 2, share: 0.4, accuracy: 0.5 });
    expect(review.unflagged).toEqual({ tickets: 3, share: 0.6, accuracy: 2 / 3 });
    const byReason = Object.fromEntries(review.reasons.map(({ reason, ...part }) => [reason, part]));
    expect(byReason).toEqual({
      low_confidence: { tickets: 1, share: 0.2, accuracy: 0 },
      unlike_training: { tickets: 1, share: 0.2, accuracy: 1 },
      language: { tickets: 1, share: 0.2, accuracy: 1 },
      too_short: { tickets: 0, share: 0, accuracy: NaN },
      truncated: { tickets: 0, share: 0, accuracy: NaN },
    });
  });

  it('are mistakes where they are wrong, the most confident first', () => {
    expect(outcomesOf(FIVE).mistakes.map(({ ticket: { line } }) => line)).toEqual([5, 2]);
  });

  it('are not measured without labels', () => {
    const unlabelled = measure(outcomesOf([[{}, {}]]), OPTIONS);
    expect(unlabelled.category).toBeNull();
    expect(unlabelled.urgency).toBeNull();
    expect(unlabelled.review.flagged).toEqual({ tickets: 0, share: 0, accuracy: NaN });
  });
});

describe('urgencies', () => {
  const at = (urgency: number, urgency_score: number): Case => [{ urgency }, { urgency_score }];

  it('in [0, 1] have a rank correlation, an error and alerts', () => {
    const { urgency } = measure(outcomesOf([at(0.9, 0.85), at(1, 0.7), at(0.5, 0.9), at(0.1, 0.2)]), OPTIONS);
    // Ranks 3 4 2 1 against 3 2 4 1: 1 - 6 * (0 + 4 + 4 + 0) / (4 * 15).
    expect(urgency?.spearman?.value).toBeCloseTo(0.2, 12);
    expect(urgency?.meanAbsoluteError).toBeCloseTo((0.05 + 0.3 + 0.4 + 0.1) / 4, 12);
    const counts = { threshold: 0.8, labelled: 2, predicted: 2, right: 1 };
    expect(urgency?.alerts).toEqual({ ...counts, precision: 0.5, recall: 0.5 });
  });

  it('on another scale have a rank correlation alone, and alerts from a level that is named', () => {
    const levels = outcomesOf([at(1, 0.1), at(3, 0.9), at(2, 0.4)]);
    const { urgency } = measure(levels, OPTIONS);
    expect(urgency).toMatchObject({ tickets: 3, meanAbsoluteError: null, alerts: null });
    expect(urgency?.spearman?.value).toBeCloseTo(1, 12);
    expect(measure(levels, { ...OPTIONS, alertFrom: 2 }).urgency?.alerts).toMatchObject({ precision: 1, recall: 0.5 });
  });

  it('that are levels are no shares, also where only the lowest occurs', () => {
    const lowest = measure(outcomesOf([at(1, 0.1), at(1, 0.2)]), { ...OPTIONS, urgencyIsRank: true });
    expect(lowest.urgency).toEqual({ tickets: 2, spearman: null, meanAbsoluteError: null, alerts: null });
  });
});

it('has an interval around the figure also where it is drawn from a sample', () => {
  const many = Array.from({ length: 400 }, (_, i): Case => [
    { category: 'Legal' },
    { category: i % 4 ? 'Legal' : 'Billing' },
  ]);
  const accuracy = measure(outcomesOf(many), { ...OPTIONS, mostDrawn: 100 }).category?.accuracy;
  expect(accuracy?.value).toBe(0.75);
  // As wide as 1.96 standard errors of 100 tickets, 0.085, not of 400, 0.042.
  for (const bound of accuracy?.interval ?? []) expect(Math.abs(bound - 0.75)).toBeCloseTo(0.085, 1);
  const [low = 0, high = 0] = accuracy?.interval ?? [];
  expect(high - low).toBeGreaterThan(0.13);
});

const anyCase: fc.Arbitrary<Case> = fc.tuple(
  fc.record({
    category: fc.option(fc.constantFrom(...LABELS), { nil: undefined }),
    urgency: fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: undefined }),
    topic: fc.constantFrom(undefined, 'a', 'b'),
  }),
  fc.record({
    category: fc.constantFrom(...CATEGORIES),
    confidence: fc.double({ min: 0.34, max: 1, noNaN: true }),
    urgency_score: fc.double({ min: 0, max: 1, noNaN: true }),
    review_reasons: fc.subarray([...REVIEW_REASONS]),
  }),
);

describe('any outcomes', () => {
  it('have every labelled ticket once in the confusion, and every ticket flagged or not', () => {
    const property = fc.property(fc.array(anyCase, { minLength: 1, maxLength: 40 }), (cases) => {
      const { tickets, category, review } = measure(outcomesOf(cases), OPTIONS);
      const counted = (category?.confusion ?? []).flat().reduce((all, count) => all + count, 0);
      expect(counted).toBe(cases.filter(([{ category: label }]) => label !== undefined).length);
      expect(review.flagged.tickets + review.unflagged.tickets).toBe(tickets);
      const { low, value, high } = boundsOf(category?.accuracy);
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('give the same results in one file and in several together, whatever the split', () => {
    const property = fc.property(fc.array(anyCase, { minLength: 2, maxLength: 20 }), fc.nat(), (cases, cut) => {
      const at = cut % cases.length;
      const together = Outcomes.together('file', [outcomesOf(cases.slice(0, at)), outcomesOf(cases.slice(at))]);
      const { mistakes: some, ...split } = measure(together, OPTIONS);
      const { mistakes: others, ...whole } = measure(outcomesOf(cases), OPTIONS);
      expect(split).toEqual(whole);
      expect(some).toHaveLength(others.length);
    });
    fc.assert(property, { numRuns: 10 });
  });
});

/** Intervals of no ticket with one of our categories are NaN. */
function boundsOf(figure: { value: number; interval: readonly [number, number] } | undefined) {
  const { value, interval } = figure ?? { value: 0, interval: [0, 0] as const };
  return { low: interval[0] - 1e-9, value, high: interval[1] + 1e-9 };
}

describe('a predictor of any kind', () => {
  it('is asked about each ticket once, in their order, and once more about its mistakes', async () => {
    const tickets = Array.from({ length: 100 }, (_, i) => ticket(i + 1, { category: i === 42 ? 'Legal' : 'Billing' }));
    const asked: string[] = [];
    const predictor: Predictor = {
      models: ['always-billing'],
      predict: ({ text }) => {
        asked.push(text);
        return prediction();
      },
      termsOf: ({ text }) => [{ term: text, weight: 1 }],
    };
    let seen = 0;
    const onTickets = (count: number): void => {
      seen += count;
    };
    const evaluation = await evaluate([{ name: 'rows', tickets }], predictor, { ...OPTIONS, onTickets });
    expect(asked).toEqual(tickets.map(({ text }) => text));
    expect(seen).toBe(100);
    expect(evaluation.together).toBeNull();
    expect(evaluation.files[0]?.category?.accuracy.value).toBe(0.99);
    expect(evaluation.files[0]?.mistakes).toEqual([
      expect.objectContaining({
        line: 43,
        label: 'Legal',
        predicted: 'Billing',
        terms: [{ term: 'Text 43', weight: 1 }],
      }),
    ]);
  });

  it('has no more than the twenty most confident mistakes in a report', () => {
    const cases = Array.from({ length: 50 }, (_, i): Case => [{ category: 'Legal' }, { confidence: 0.4 + i / 100 }]);
    const { mistakes } = outcomesOf(cases);
    expect(mistakes.map(({ ticket: { line } }) => line)).toEqual(Array.from({ length: 20 }, (_, i) => 50 - i));
  });
});
