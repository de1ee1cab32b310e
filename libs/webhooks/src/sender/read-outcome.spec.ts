import { outcomeOfAnswer, outcomeOfError } from './read-outcome';

describe('an answer', () => {
  it.each([200, 201, 204, 299])('of %d means delivered', (status) => {
    expect(outcomeOfAnswer(status, undefined, 0)).toEqual({ outcome: 'delivered', status });
  });

  it('of 410 means that the receiver wants nothing more', () => {
    expect(outcomeOfAnswer(410, '60', 0)).toEqual({ outcome: 'gone' });
  });

  it.each([
    [300, 'redirect'],
    [304, 'redirect'],
    [399, 'redirect'],
    [400, 'status'],
    [404, 'status'],
    [429, 'status'],
    [500, 'status'],
    [599, 'status'],
  ])('of %d is a failed try: %s', (status, reason) => {
    expect(outcomeOfAnswer(status, undefined, 0)).toEqual({
      outcome: 'failed',
      reason,
      message: expect.stringContaining(String(status)),
      status,
    });
    expect(outcomeOfAnswer(status, '60', 0)).toMatchObject({ reason, retryAfterMs: 60_000 });
  });
});

describe('an error', () => {
  it('is recognised by its code, not by its message', () => {
    const error = Object.assign(new Error('connect to http://ada:hunter2@host'), { code: 'ECONNREFUSED' });
    expect(outcomeOfError(error)).toMatchObject({ message: 'The connection failed (ECONNREFUSED).' });
  });

  it.each([undefined, 'text', {}, { code: 7 }, { code: 'ada:hunter2' }, { code: '' }])(
    'without a code: %p',
    (error) => {
      expect(outcomeOfError(error)).toEqual({
        outcome: 'failed',
        reason: 'connection',
        message: 'The connection failed.',
      });
    },
  );
});
