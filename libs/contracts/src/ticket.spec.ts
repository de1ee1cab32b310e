import fc from 'fast-check';
import { isSmartSupportError } from './errors';
import { correctionsSchema, publicTicketIdSchema, ticketIdSchema, ticketInputSchema } from './ticket';
import { parseWith } from './validation';

const parse = (value: unknown) => parseWith(ticketInputSchema, value, 'ticket');

describe('what a client may send as a ticket', () => {
  it('a text is enough', () => {
    expect(parse({ text: 'the printer is on fire' })).toEqual({ text: 'the printer is on fire' });
  });

  it('fields it does not know are dropped, prototype names included', () => {
    const ticket = parse(JSON.parse('{"text":"a","__proto__":{"admin":true},"constructor":1,"status":"completed"}'));
    expect(Object.keys(ticket)).toEqual(['text']);
    expect('admin' in ticket).toBe(false);
  });

  it.each(['', ' ', '\n\t ', '\u00a0'])('a text of nothing but white space (%j) is refused', (text) => {
    expect(() => parse({ text })).toThrow('text: must not be empty or only white space');
  });

  it('lone surrogates are replaced, so that every text can be written as UTF-8', () => {
    expect(parse({ text: 'a\ud800b', subject: '\udc00' })).toEqual({ text: 'a\ufffdb', subject: '\ufffd' });
  });

  it('NUL bytes and right-to-left marks are text like any other', () => {
    expect(parse({ text: 'a\u0000b\u202ec' }).text).toBe('a\u0000b\u202ec');
  });

  it('every problem is named with its field', () => {
    try {
      parse({ text: 7, id: '../etc', metadata: { a: { deep: 1 } }, reported_at: 'yesterday' });
      throw new Error('was accepted');
    } catch (error) {
      if (!isSmartSupportError(error, 'invalid_input')) throw error;
      expect(error.issues.map(({ path }) => path).sort()).toEqual(['id', 'metadata.a', 'reported_at', 'text']);
    }
  });

  it('the messages never repeat what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (secret) => {
        try {
          parse({ text: [secret], id: `!${secret}`, subject: { secret }, metadata: secret });
        } catch (error) {
          expect((error as Error).message).not.toContain(secret);
        }
      }),
    );
  });

  it('whatever is accepted is well-formed and not empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = ticketInputSchema.safeParse({ text });
        expect(result.success).toBe(text.trim().length > 0);
        if (result.success) expect(result.data.text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('ticket ids', () => {
  it.each(['a', 'T-1', 'x.y_z:1@b', 'A'.repeat(128)])('%s is taken', (id) => {
    expect(ticketIdSchema.safeParse(id).success).toBe(true);
  });

  it.each(['', '.', '..', '-a', 'a b', 'a/b', 'a\n', 'ä', '__proto__', 'A'.repeat(129)])('%j is refused', (id) => {
    expect(ticketIdSchema.safeParse(id).success).toBe(false);
  });
});

describe('public ids of tickets', () => {
  it.each(['a', 'shop~a', '_x.y-~T:1', `${'d'.repeat(64)}~${'A'.repeat(128)}`])('%s is taken', (id) => {
    expect(publicTicketIdSchema.safeParse(id).success).toBe(true);
  });

  it.each(['', '~a', 'shop~', 'a~b~c', 'sh op~a', 'shop~-a', 'shop:x~a', 'A'.repeat(129), `${'d'.repeat(65)}~a`])(
    '%j is refused',
    (id) => {
      expect(publicTicketIdSchema.safeParse(id).success).toBe(false);
    },
  );
});

describe('corrections', () => {
  it('take a category of ours and an urgency in [0, 1], or nothing', () => {
    expect(correctionsSchema.parse({})).toEqual({});
    expect(correctionsSchema.parse({ category: 'Legal', urgency_score: 1 })).toEqual({
      category: 'Legal',
      urgency_score: 1,
    });
    expect(correctionsSchema.safeParse({ category: 'legal' }).success).toBe(false);
    expect(correctionsSchema.safeParse({ urgency_score: 1.01 }).success).toBe(false);
    expect(correctionsSchema.safeParse({ urgency_score: Number.NaN }).success).toBe(false);
  });
});
