import { CATEGORIES, agentInputSchema, agentSchema, ticketInputSchema, ticketSchema } from '@smart-support/contracts';
import { aDecision, aNewTicket, aTicket, anAgent, anAgentInput, anArrival } from './fixtures';

describe('the fixtures', () => {
  it('match their schemas', () => {
    expect(ticketSchema.parse(aTicket())).toEqual(aTicket());
    expect(agentSchema.parse(anAgent())).toEqual(anAgent());
    expect(agentInputSchema.parse(anAgentInput())).toEqual(anAgentInput());
    expect(ticketInputSchema.parse(aNewTicket().input)).toEqual(aNewTicket().input);
  });

  it('take the given fields', () => {
    expect(aTicket({ status: 'dead' }).status).toBe('dead');
    expect(anAgent({ load: 2 })).toMatchObject({ load: 2, capacity: 2 });
    expect(anAgentInput({ capacity: 0 }).capacity).toBe(0);
    expect(aNewTicket({ id: 'x', input: { channel: 'chat' } })).toMatchObject({ id: 'x', input: { channel: 'chat' } });
    expect(aNewTicket({ idempotency_key: '' })).toHaveProperty('idempotency_key', '');
    expect(aNewTicket()).not.toHaveProperty('idempotency_key');
  });

  it('have the given angle, each topic in a plane of its own', () => {
    const numbers = (changes: Parameters<typeof anArrival>[0]) => [...anArrival(changes).embedding!.vector];
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, index) => sum + value * b[index]!, 0);
    expect(dot(numbers({}), numbers({ degrees: 60 }))).toBeCloseTo(0.5, 6);
    expect(dot(numbers({ topic: 1 }), numbers({ topic: 7 }))).toBe(0);
    expect(anArrival({ embedding: null, words: [[3, 0.5]], severe_signal: 'harm' })).toEqual({
      embedding: null,
      words: { indices: Uint32Array.of(3), values: Float32Array.of(0.5) },
      severe_signal: 'harm',
      isAlwaysRouted: false,
      isVouched: true,
      source: null,
      failure: 1,
      identifiers: '',
      isMachine: false,
      keptOut: null,
    });
  });

  it.each(CATEGORIES)('a decision for %s agrees with its own reasons', (category) => {
    const { confidence, urgency_score, explanation } = aDecision({ category, urgency_score: 0.9 });
    const sum = Object.values(explanation.category!.scores).reduce((total, score) => total + score, 0);
    expect(sum).toBeCloseTo(1, 10);
    expect(explanation.category).toMatchObject({ label: category, confidence });
    expect(explanation.category!.scores[category]).toBe(confidence);
    expect(explanation.urgency).toMatchObject({ urgency_score, alert: true });
  });
});
