import * as fc from 'fast-check';
import { CATEGORIES } from './categories';
import { EVENT_TYPES } from './events';
import { type FilterableEvent, type WebhookEndpoint, wantsEvent, webhookEndpointSchema } from './webhook-endpoint';

const base64 = (fill: number, bytes = 32) => Buffer.alloc(bytes, fill).toString('base64');
const written = { id: 'desk', url: 'https://example.org/hook?from=us' };
const endpoint: WebhookEndpoint = webhookEndpointSchema.parse(written);

const problems = (change: object) =>
  webhookEndpointSchema.safeParse({ ...written, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('an endpoint', () => {
  it('needs an id and a URL, and wants everything, unsigned, over either protocol unless it says otherwise', () => {
    expect(endpoint).toEqual({ ...written, secrets: [], paused: false, https_only: false });
  });

  it('is taken as it is with everything that it may have', () => {
    const full = {
      ...written,
      types: ['ticket.urgent'],
      filter: { category: ['Billing', 'Legal'], min_urgency: 0.9, agent: ['ada'] },
      secrets: [`whsec_${base64(1)}`, base64(2)],
      paused: true,
      https_only: true,
    };
    expect(webhookEndpointSchema.parse(full)).toEqual(full);
  });

  it.each([
    ['id', ['', 'a b', '-a', 'a'.repeat(65), 7, 'ä']],
    ['url', ['', 'ftp://example.org', 'https:/example.org', 'http://', 'https://a b.org', '//example.org', null]],
    ['url', ['https://ada@example.org', 'https://ada:hunter2@example.org', 'http://:hunter2@example.org']],
    ['url', ['https://example.org:99999', 'https://exämple.org', ' https://example.org', 'https://example.org\n']],
    ['url', [`https://example.org/${'a'.repeat(2048)}`]],
    ['types', [[], 'ticket.urgent', null]],
    ['types.0', [['ticket.closed'], ['__proto__']]],
    ['filter', [[], null, { urgency: 1 }, JSON.parse('{"__proto__": 1}')]],
    ['filter.category', [{ category: [] }, { category: 'Billing' }]],
    ['filter.min_urgency', [{ min_urgency: 1.1 }, { min_urgency: -1 }, { min_urgency: '0.5' }]],
    ['filter.agent', [{ agent: [] }, { agent: Array.from({ length: 101 }, (_, index) => `a${index}`) }]],
    ['secrets', [[base64(1), base64(2), base64(3)], [base64(1), `whsec_${base64(1)}`], base64(1)]],
    ['secrets.0', [['hunter2'], [base64(1, 23)], [base64(1, 65)], [`${base64(1)}\n`], ['_'.repeat(32)], [null]]],
    ['paused', ['yes', null]],
    ['https_only', [1]],
  ])('with a wrong %s is refused', (path, values) => {
    for (const value of values) {
      const [field = ''] = path.split('.');
      expect(new Set(problems({ [field]: value }))).toEqual(new Set([path]));
    }
  });

  it('with a field that it does not know is refused', () => {
    expect(problems({ headers: {} })).toEqual(['']);
  });

  it('whose URL is not https is refused where it says https only, beside its other problems', () => {
    expect(problems({ url: 'http://example.org', https_only: true })).toEqual(['url']);
    expect(problems({ url: 'http://example.org', https_only: true, paused: 1 })).toEqual(['paused', 'url']);
    expect(problems({ url: 'HTTPS://example.org', https_only: true })).toEqual([]);
  });

  it('takes a secret exactly if it is base64 of 24 to 64 bytes', () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.base64String({ maxLength: 90 }),
      fc.string({ unit: fc.constantFrom(...'Ag0Qw=+/_-\n'), minLength: 30, maxLength: 90 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('', 'whsec_'), (key, prefix) => {
        const bytes = Buffer.from(key, 'base64');
        const isRight = bytes.toString('base64') === key && bytes.length >= 24 && bytes.length <= 64;
        expect(problems({ secrets: [prefix + key] })).toEqual(isRight ? [] : ['secrets.0']);
      }),
    );
  });

  it('quotes neither a secret nor a URL where they are wrong', () => {
    const { error } = webhookEndpointSchema.safeParse({ id: 1, url: 'http://ada:hunter2@x', secrets: ['hunter2'] });
    expect(JSON.stringify(error?.issues)).not.toContain('hunter2');
  });
});

describe('whether an endpoint wants an event', () => {
  const ticket = (data: object = {}): FilterableEvent => ({
    type: 'ticket.urgent',
    data: { category: 'Billing', urgency_score: 0.9, assigned_agent: 'ada', ...data },
  });
  const incident = (data: object = {}): FilterableEvent => ({
    type: 'incident.opened',
    data: { categories: { Technical: 9, Billing: 2, Legal: 0 }, max_urgency: 0.7, ...data },
  });
  const disabled: FilterableEvent = { type: 'webhook.disabled', data: { endpoint: 'other' } };
  const all = [ticket(), incident(), disabled];

  type Filter = NonNullable<WebhookEndpoint['filter']>;
  const wants = (filter: Filter, event: FilterableEvent) => wantsEvent({ id: 'desk', filter }, event);

  it('follows its types; without types and filter it wants everything', () => {
    for (const event of all) {
      expect(wantsEvent({ id: 'desk' }, event)).toBe(true);
      expect(wants({}, event)).toBe(true);
      expect(wantsEvent({ id: 'desk', types: [...EVENT_TYPES] }, event)).toBe(
        EVENT_TYPES.some((type) => type === event.type),
      );
    }
    expect(wantsEvent({ id: 'desk', types: ['incident.opened'] }, ticket())).toBe(false);
  });

  it.each([
    [{ category: ['Billing'] }, true],
    [{ category: ['Legal', 'Billing'] }, true],
    [{ category: ['Legal'] }, false],
    [{ min_urgency: 0.9 }, true],
    [{ min_urgency: 0.91 }, false],
    [{ agent: ['ada'] }, true],
    [{ agent: ['bo'] }, false],
    [{ category: ['Billing'], min_urgency: 0.9, agent: ['ada'] }, true],
    [{ category: ['Billing'], min_urgency: 0.9, agent: ['bo'] }, false],
  ] as [Filter, boolean][])('compares the ticket: %j gives %s', (filter, isWanted) => {
    expect(wants(filter, ticket())).toBe(isWanted);
  });

  it('does not want a ticket by what is not known of it yet', () => {
    const fresh = ticket({ category: null, urgency_score: null, assigned_agent: null });
    expect(wants({}, fresh)).toBe(true);
    for (const filter of [{ category: [...CATEGORIES] }, { min_urgency: 0 }, { agent: ['ada'] }])
      expect(wants(filter, fresh)).toBe(false);
  });

  it.each([
    [{ category: ['Billing'] }, true],
    [{ category: ['Legal'] }, false],
    [{ min_urgency: 0.7 }, true],
    [{ min_urgency: 0.8 }, false],
    [{ agent: ['bo'] }, true],
  ] as [Filter, boolean][])(
    'compares categories and urgency of the members of an incident, which has no agent: %j gives %s',
    (filter, isWanted) => {
      expect(wants(filter, incident())).toBe(isWanted);
    },
  );

  it('wants an incident whose members have no category yet, whatever the categories', () => {
    expect(wants({ category: ['Legal'] }, incident({ categories: {} }))).toBe(true);
  });

  it('wants to know of every other endpoint that is switched off, and not of itself', () => {
    const filter: Filter = { category: ['Legal'], min_urgency: 1, agent: ['bo'] };
    expect(wants(filter, disabled)).toBe(true);
    expect(wants({}, { type: 'webhook.disabled', data: { endpoint: 'desk' } })).toBe(false);
  });

  it('does not depend on whether it is paused', () => {
    const paused: WebhookEndpoint = { ...endpoint, paused: true };
    expect(wantsEvent(paused, ticket())).toBe(true);
  });

  it('is never more with one more condition', () => {
    const filter = fc.record(
      {
        category: fc.subarray([...CATEGORIES], { minLength: 1 }),
        min_urgency: fc.double({ min: 0, max: 1, noNaN: true }),
        agent: fc.subarray(['ada', 'bo'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(filter, filter, fc.constantFrom(...all), (one, more, event) => {
        if (wants({ ...more, ...one }, event)) expect(wants(one, event)).toBe(true);
      }),
    );
  });
});
