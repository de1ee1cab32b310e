import { readAnswers } from './ticket-answers';
import type { HttpAnswer } from './http-client';

const answer = (changes: Partial<HttpAnswer>): HttpAnswer => ({
  status: 0,
  body: undefined,
  retryAfterMs: undefined,
  trouble: undefined,
  sentAt: 0,
  waitedMs: 0,
  ...changes,
});

describe('reading what was answered', () => {
  it('a single ticket has the status of the request', () => {
    expect(readAnswers(answer({ status: 202, body: { status: 'accepted' } }), 1)).toEqual([
      { status: 202, trouble: undefined, ticketStatus: undefined, agent: undefined },
    ]);
    expect(readAnswers(answer({ status: 200, body: { status: 'assigned', assigned_agent: 'ann' } }), 1)).toEqual([
      { status: 200, trouble: undefined, ticketStatus: 'assigned', agent: 'ann' },
    ]);
  });

  it('each ticket of a batch has a status of its own', () => {
    const results = [
      { status_code: 202, body: { status: 'accepted' } },
      { status_code: 503, body: {} },
      { status_code: 200, body: { status: 'waiting', assigned_agent: null } },
    ];
    expect(readAnswers(answer({ status: 207, body: { results } }), 3).map(({ status }) => status)).toEqual([
      202, 503, 200,
    ]);
  });

  it('a ticket that the answer to a batch leaves out has none', () => {
    const [, second] = readAnswers(answer({ status: 207, body: { results: [{ status_code: 202 }] } }), 2);
    expect(second).toMatchObject({ status: 0, trouble: 'no result in the batch' });
  });

  it('no ticket of a batch without an answer has one', () => {
    expect(readAnswers(answer({ trouble: 'ECONNRESET' }), 2)).toEqual(
      [1, 2].map(() => ({ status: 0, trouble: 'ECONNRESET', ticketStatus: undefined, agent: undefined })),
    );
    expect(readAnswers(answer({ status: 503, body: {} }), 2).map(({ status }) => status)).toEqual([503, 503]);
  });
});
