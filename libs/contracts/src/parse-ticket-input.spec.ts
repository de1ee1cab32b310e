import fc from 'fast-check';
import { isSmartSupportError } from './errors';
import { parseTicketInput } from './parse-ticket-input';

const warned = (fields: object) => {
  const { input, warnings } = parseTicketInput({ text: 'a', ...fields });
  return { input, paths: warnings.map(({ path }) => path) };
};

const refused = (value: unknown): readonly string[] => {
  try {
    parseTicketInput(value);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_input')) return error.issues.map(({ path }) => path).sort();
    throw error;
  }
  throw new Error('was accepted');
};

describe('an optional field that cannot be read', () => {
  it.each([
    ['reported_at', 'yesterday'],
    ['reported_at', 1_767_323_045],
    ['requester', 17],
    ['requester', { email: 'mara@example.com' }],
    ['subject', []],
    ['channel', true],
    ['metadata', 'plan=3'],
    ['metadata', []],
    ['metadata', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, n]))],
  ])('%s %j is left out with a warning', (field, value) => {
    expect(warned({ [field]: value })).toEqual({ input: { text: 'a' }, paths: [field] });
  });

  it.each([
    ['subject', 1000],
    ['requester', 320],
    ['channel', 64],
  ])('a %s of more than %i characters is cut there, and no character in two', (field, most) => {
    expect(warned({ [field]: 'x'.repeat(most) }).paths).toEqual([]);
    const { input, paths } = warned({ [field]: 'x'.repeat(most + 1) });
    expect([input, paths]).toEqual([{ text: 'a', [field]: 'x'.repeat(most) }, [field]]);
    expect(warned({ [field]: '🔥'.repeat(most) }).paths).toEqual([]);
    expect(warned({ [field]: '🔥'.repeat(most + 1) }).input).toEqual({ text: 'a', [field]: '🔥'.repeat(most) });
  });

  it('an entry of metadata is left out alone', () => {
    const metadata = JSON.parse(`{"a":1,"b":{},"c":[],"${'k'.repeat(129)}":2,"d":null}`) as object;
    const { input, paths } = warned({ metadata });
    expect([input.metadata, paths]).toEqual([
      { a: 1, d: null },
      ['metadata.b', 'metadata.c', `metadata.${'k'.repeat(129)}`],
    ]);
  });

  it('a text of metadata that is too long is left out alone', () => {
    const { input, paths } = warned({ metadata: { a: 'x'.repeat(1024), b: 'x'.repeat(1025), c: '🔥'.repeat(1024) } });
    expect([Object.keys(input.metadata ?? {}), paths]).toEqual([['a', 'c'], ['metadata.b']]);
  });

  it('entries of metadata are left out from where all together would be too long, and shorter ones behind stay', () => {
    const metadata = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`k${n}`, 'x'.repeat(1000)]));
    const { input, paths } = warned({ metadata });
    expect(Object.keys(input.metadata ?? {})).toHaveLength(8);
    expect(paths).toEqual(['metadata.k8', 'metadata.k9', 'metadata.k10', 'metadata.k11']);
  });

  it('numbers of metadata that are none to JSON are left out', () => {
    const metadata = JSON.parse('{"large":1e999,"small":-1e999,"fine":1e300}') as object;
    expect(warned({ metadata })).toEqual({
      input: { text: 'a', metadata: { fine: 1e300 } },
      paths: ['metadata.large', 'metadata.small'],
    });
  });

  it('names of metadata that are none are left out, and prototypes stay as they are', () => {
    const metadata = JSON.parse(
      '{"__proto__":{"admin":true},"a\\u0000b":1,"\\u202ec":2,"constructor":"x","fine":3}',
    ) as object;
    const { input, paths } = warned({ metadata });
    expect(Object.entries(input.metadata ?? {})).toEqual([
      ['constructor', 'x'],
      ['fine', 3],
    ]);
    expect(paths).toEqual(['metadata.__proto__', 'metadata.a\u0000b', 'metadata.\u202ec']);
    expect('admin' in (input.metadata ?? {})).toBe(false);
  });

  it.each([
    ['Mara\r\n Lind', 'Mara  Lind'],
    ['ada\u0000@example.com', 'ada@example.com'],
    ['\u001b[2Jada\u007f\u009b', '[2Jada'],
    ['moc.elpmaxe@\u202eada\u2066', 'moc.elpmaxe@ada'],
  ])('control characters in a requester, a channel and a text of metadata are left out: %j', (name, clean) => {
    const { input, paths } = warned({ requester: name, channel: name, metadata: { a: name } });
    expect(input).toEqual({ text: 'a', requester: clean, channel: clean, metadata: { a: clean } });
    expect(paths.sort()).toEqual(['channel', 'metadata.a', 'requester']);
  });

  it('a requester of nothing but control characters is none', () => {
    expect(warned({ requester: 'a\u0000'.slice(1), channel: '\u202e' }).input).toEqual({
      text: 'a',
      requester: null,
      channel: null,
    });
  });

  it('one thing that shows only when another is mended is mended, too', () => {
    const metadata = JSON.parse(`{"__proto__":1,"long":"${'x'.repeat(2000)}","line":"a\\nb","list":[]}`) as object;
    expect(warned({ metadata, requester: `\u0000${'r'.repeat(400)}` }).input).toEqual({
      text: 'a',
      requester: 'r'.repeat(320),
      metadata: { line: 'a b' },
    });
  });

  it('several are warned of one by one, and the others are kept', () => {
    const { input, paths } = warned({
      id: 'T-1',
      subject: 5,
      requester: ' Ada ',
      reported_at: 'now',
      metadata: { plan: 3 },
    });
    expect(input).toEqual({ text: 'a', id: 'T-1', requester: 'Ada', metadata: { plan: 3 } });
    expect(paths.sort()).toEqual(['reported_at', 'subject']);
  });

  it('a warning says what became of the field', () => {
    const sent = { text: 'a', reported_at: 'now', requester: 'a\u0000b', channel: 'c'.repeat(65) };
    expect(parseTicketInput(sent).warnings).toEqual([
      { path: 'requester', message: 'must have no control characters; they were left out' },
      { path: 'channel', message: 'must have at most 64 characters; it was cut' },
      { path: 'reported_at', message: 'must be an ISO 8601 date and time with an offset; it was left out' },
    ]);
  });

  it('twenty are named, the rest is counted', () => {
    const metadata = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`k${n}`, []]));
    const { warnings } = parseTicketInput({ text: 'a', metadata });
    expect([warnings.length, warnings.at(-1)?.message]).toEqual([21, 'and 40 more problems']);
  });

  it('does not change what was sent', () => {
    const sent = { text: 'a', subject: 1, metadata: { a: [], b: 1 } };
    parseTicketInput(sent);
    expect(sent).toEqual({ text: 'a', subject: 1, metadata: { a: [], b: 1 } });
  });

  it('is never repeated in a warning', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (secret) => {
        const { warnings } = parseTicketInput({
          text: 'a',
          subject: [secret],
          reported_at: `!${secret}`,
          metadata: secret,
        });
        expect(JSON.stringify(warnings)).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
    );
  });
});

describe('what a ticket cannot do without', () => {
  it.each([
    ['no text and no subject', {}, ['text']],
    ['an empty text and no subject', { text: '' }, ['text']],
    ['white space in both', { text: ' \n', subject: ' ' }, ['text']],
    ['a number for a text, also beside a subject', { text: 5, subject: 'a' }, ['text']],
    ['no text and a subject that cannot be read', { subject: 7 }, ['text']],
    ['an id with a slash', { text: 'a', id: 'a/b' }, ['id']],
    ['an empty id', { text: 'a', id: '' }, ['id']],
    [
      'a wrong id, with everything else that is wrong',
      { text: 1, id: 2, reported_at: 3 },
      ['id', 'reported_at', 'text'],
    ],
    ['no object at all', 'text', ['']],
    ['null', null, ['']],
  ])('%s is refused', (_, value, paths) => {
    expect(refused(value)).toEqual(paths);
  });
});

describe('a ticket with a subject', () => {
  it.each([{}, { text: '' }, { text: ' \r\n' }, { text: null }])('needs no text: %j', (fields) => {
    expect(parseTicketInput({ subject: 'Printer on fire', ...fields })).toEqual({
      input: { subject: 'Printer on fire', text: '' },
      warnings: [],
    });
  });

  it('that is too long needs no text either', () => {
    expect(parseTicketInput({ subject: 's'.repeat(2000) }).input).toEqual({ subject: 's'.repeat(1000), text: '' });
  });
});

describe('a requester', () => {
  it('is kept as it was written, without white space around it', () => {
    expect(warned({ requester: ' Mara Lind <Mara@Example.com>\n' }).input.requester).toBe(
      'Mara Lind <Mara@Example.com>',
    );
  });

  it.each(['', ' ', '\u00a0\n'])('of nothing (%j) is none, and no reason for a warning', (requester) => {
    expect(warned({ requester, subject: requester, channel: requester, reported_at: requester })).toEqual({
      input: { text: 'a', requester: null, subject: null, channel: null, reported_at: null },
      paths: [],
    });
  });

  it('is counted without the white space around it', () => {
    expect(warned({ requester: `${' '.repeat(400)}ada` })).toEqual({
      input: { text: 'a', requester: 'ada' },
      paths: [],
    });
  });
});

it('whatever is sent, it is refused or it is a ticket in UTF-8, with bounded names, whose warnings name optional fields only', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('x'.repeat(1024), '🔥'.repeat(1024), 'x'.repeat(1025), '\n'.repeat(2000), '"'.repeat(1000)),
  );
  const entries = fc.dictionary(
    fc.oneof(text, fc.constant('__proto__')),
    fc.oneof(text, fc.double(), fc.constantFrom(null, true, [], {})),
    { maxKeys: 20 },
  );
  const field = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.jsonValue(), entries);
  const keys = ['text', 'subject', 'requester', 'channel', 'reported_at', 'metadata'];
  fc.assert(
    fc.property(fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] }), (value) => {
      let parsed;
      try {
        parsed = parseTicketInput(value);
      } catch (error) {
        expect(isSmartSupportError(error, 'invalid_input')).toBe(true);
        return;
      }
      expect(JSON.stringify(parsed.input).isWellFormed()).toBe(true);
      expect(parsed.input.text !== '' || Boolean(parsed.input.subject)).toBe(true);
      for (const { path } of parsed.warnings) expect(path).not.toMatch(/^(?:text|id)$/);
      const { requester, channel, metadata } = parsed.input;
      const texts = Object.values(metadata ?? {}).filter((each) => typeof each === 'string');
      for (const name of [requester, channel, ...Object.keys(metadata ?? {}), ...texts]) {
        expect(name ?? '').not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }
      for (const each of texts) expect([...each].length).toBeLessThanOrEqual(1024);
      expect(JSON.stringify(metadata ?? {}).length).toBeLessThanOrEqual(8192);
      expect(parseTicketInput(parsed.input)).toEqual({ input: parsed.input, warnings: [] });
    }),
    { numRuns: 500 },
  );
});
