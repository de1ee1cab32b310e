import { instantDecisions } from './instant-model';

describe('precomputed decisions', () => {
  const texts = ['You charged my card twice for the invoice of May.', 'The server is down, nobody can log in!'];

  it('are those of the baseline, with their reasons', () => {
    const [billing, technical] = instantDecisions(texts);
    expect([billing?.category, technical?.category]).toEqual(['Billing', 'Technical']);
    expect(technical?.urgency_score).toBeGreaterThan(billing?.urgency_score ?? 1);
    expect(billing?.explanation.category?.label).toBe('Billing');
  });

  it('raise no alert, which a rival has no counterpart for', () => {
    for (const { explanation } of instantDecisions(texts)) expect(explanation.urgency?.alert).toBe(false);
  });
});
