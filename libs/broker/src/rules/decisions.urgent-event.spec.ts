import { aTicket } from '@smart-support/testing';
import * as fc from 'fast-check';
import { urgentEventBody, urgentEventId } from './decisions';

const NOW = '2030-01-01T00:00:00.000Z';
const startOf = (text: string): string => JSON.parse(urgentEventBody(aTicket({ text }), NOW)).data.text_start;

describe('the event of an urgent ticket', () => {
  it('is named after its ticket', () => {
    expect(urgentEventId('T-1')).toBe('ticket.urgent:T-1');
  });

  it('has what happened, when, and to which ticket, without its text', () => {
    const { text, ...rest } = aTicket({ status: 'assigned', assigned_agent: 'ann', urgency_score: 0.9 });
    expect(JSON.parse(urgentEventBody({ text, ...rest }, NOW))).toEqual({
      type: 'ticket.urgent',
      timestamp: NOW,
      data: { ...rest, text_start: text },
    });
  });

  it.each([
    ['a short text', 'Help', 'Help'],
    ['exactly 200 characters', 'x'.repeat(200), 'x'.repeat(200)],
    ['one more', 'x'.repeat(201), 'x'.repeat(200)],
    ['characters of two units each', '🧨'.repeat(300), '🧨'.repeat(200)],
    ['a pair across the 200th unit', `x${'🧨'.repeat(300)}`, `x${'🧨'.repeat(199)}`],
  ])('has the first 200 characters of %s', (_name, text, start) => {
    expect(startOf(text)).toBe(start);
  });

  it('never cuts through a character, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 150, maxLength: 450, size: 'max' }), (text) => {
        const start = startOf(text);
        expect(text.startsWith(start)).toBe(true);
        expect(start.isWellFormed()).toBe(text.slice(0, start.length).isWellFormed());
        expect([...start]).toHaveLength(Math.min(200, [...text].length));
      }),
    );
  });
});
