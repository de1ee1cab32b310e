import { ticketIdSchema } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { READY_MAPPINGS } from '../ready/ready-mappings';
import { SECRET, openSource, sourceOf } from '../spec-support/sources';
import { type HookTicket, createHookReceiver } from './hook-receiver';

const readBy = (entry: object, payload: unknown) => createHookReceiver(openSource(entry)).read(payload);

function opened(ticket: object, payload: unknown): HookTicket {
  const [action] = readBy({ ticket }, payload);
  if (action?.action !== 'open') throw new Error(`it is ${JSON.stringify(action)}`);
  return action.input;
}

const idOf = (id: unknown) => opened({ id: '$.id', text: { literal: 'x' } }, { id }).id;

describe('a ticket of a webhook', () => {
  it('has its fields where the mapping says', () => {
    const ticket = {
      id: '$.number',
      text: '$.body',
      subject: '$.title',
      requester: '$.from.email',
      channel: { literal: 'desk' },
      metadata: { vip: '$.from.vip', seats: '$.from.seats', plan: { literal: 'gold' } },
    };
    const payload = { number: 7, body: 'b', title: 't', from: { email: 'a@example.com', vip: false, seats: 3 } };
    expect(opened(ticket, payload)).toEqual({
      id: 'desk:7',
      text: 'b',
      subject: 't',
      requester: 'a@example.com',
      channel: 'desk',
      metadata: { vip: false, seats: 3, plan: 'gold' },
    });
  });

  it('takes the first path that gives something: no empty text, no null, no object', () => {
    const text = ['$.a', '$.b', '$.c', { literal: 'nothing said' }];
    expect(opened({ text }, { a: ' \n', b: null, c: 'said' }).text).toBe('said');
    expect(opened({ text }, { a: {}, b: [], c: 0 }).text).toBe('0');
    expect(opened({ text }, {}).text).toBe('nothing said');
  });

  it('has several values of one path on lines of their own', () => {
    const payload = { blocks: [{ text: 'one' }, { text: '' }, { inner: [{ text: 'two' }] }], tags: ['a', 'b'] };
    expect(opened({ text: '$.blocks..text', metadata: { tags: '$.tags[*]' } }, payload)).toEqual({
      text: 'one\ntwo',
      metadata: { tags: 'a\nb' },
    });
  });

  it('lacks what the payload lacks', () => {
    expect(opened({ text: '$.text', subject: '$.subject', metadata: { a: '$.a' } }, {})).toEqual({});
  });
});

describe('the id of a ticket', () => {
  it('is that of the product behind the name of the source, so that a repeat is a repeat', () => {
    expect([idOf(35436), idOf('SUP-7'), idOf('a@b:c.d_e')]).toEqual(['desk:35436', 'desk:SUP-7', 'desk:a@b:c.d_e']);
  });

  it('is a hash where it does not fit into the alphabet or length of ids', () => {
    const odd = ['with space', 'with~tilde', 'größer', '../..', 'x'.repeat(124), 'line\nline'].map(idOf);
    for (const id of odd) expect(id).toMatch(/^desk:[0-9a-f]{64}$/);
    expect(new Set(odd).size).toBe(odd.length);
    expect(idOf('x'.repeat(123))).toBe(`desk:${'x'.repeat(123)}`);
  });

  it('is one that tickets may have, and another one for each id of the product', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        fc.pre(one.trim() !== '' && other.trim() !== '');
        expect(ticketIdSchema.safeParse(idOf(one)).success).toBe(true);
        expect(idOf(one) === idOf(other)).toBe(one === other);
      }),
    );
  });

  it('may be made of several values', () => {
    expect(opened({ id: "$['a','b']", text: '$.a' }, { a: 'x', b: 1 }).id).toBe('desk:x-1');
  });
});

describe('a webhook', () => {
  const entry = {
    accept_if: { path: '$.event', is: ['created', 7] },
    resolved_if: [
      { path: '$.event', is: 'changed' },
      { path: '$.states[*]', is: ['solved', 'closed'] },
    ],
  };

  it.each([
    ['opens a ticket', { id: 1, event: 'CREATED', text: 'a' }, { action: 'open', input: { id: 'desk:1', text: 'a' } }],
    ['opens a ticket', { id: 1, event: '7' }, { action: 'open', input: { id: 'desk:1' } }],
    ['completes one', { id: 1, event: 'changed', states: ['new', 'Solved'] }, { action: 'resolve', id: 'desk:1' }],
    ['is ignored', { id: 1, event: 'changed', states: ['open'] }, { action: 'ignore', why: 'accept_if does not hold' }],
    ['is ignored', { event: 'created', text: 'a' }, { action: 'ignore', why: 'it has no id' }],
    ['is ignored', { event: 'changed', states: ['closed'] }, { action: 'ignore', why: 'it has no id' }],
    ['is ignored', {}, { action: 'ignore', why: 'accept_if does not hold' }],
    ['is ignored', null, { action: 'ignore', why: 'accept_if does not hold' }],
  ])('%s by its conditions: %j', (_, payload, action) => {
    expect(readBy(entry, payload)).toEqual([action]);
  });

  it('of several items is a ticket for each, with paths from the item', () => {
    const alerts = [
      { id: 1, text: 'a' },
      { id: 2, event: 'x' },
    ];
    for (const items of ['$.alerts', '$.alerts[*]']) {
      expect(readBy({ items }, { alerts })).toEqual([
        { action: 'open', input: { id: 'desk:1', text: 'a' } },
        { action: 'open', input: { id: 'desk:2' } },
      ]);
    }
    expect(readBy({ items: '$.alerts' }, {})).toEqual([]);
    expect(
      readBy(
        { items: '$' },
        Array.from({ length: 3000 }, (_, id) => ({ id })),
      ),
    ).toHaveLength(1000);
  });

  it('is read without an error, whatever it is', () => {
    const secret = Buffer.from(SECRET).toString('base64');
    const receivers = Object.keys(READY_MAPPINGS).map((uses) =>
      createHookReceiver(sourceOf({ uses, verify: { secret }, accept_if: [] })),
    );
    const name = fc.constantFrom(
      ...['id', 'detail', 'ticket', 'issue', 'alerts', 'data', 'conversation', 'fields', 'status', 'type', 'state'],
      ...['freshdesk_webhook', 'ticket_id', 'ticket_status', 'action', 'event', 'text', 'labels', '__proto__'],
    );
    const { payload } = fc.letrec<{ payload: unknown }>((tie) => ({
      payload: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('resolved', 'closed', 'jira:issue_updated', null, true, 1e308),
        fc.string({ unit: 'binary' }),
        fc.array(tie('payload'), { maxLength: 4 }),
        fc.dictionary(name, tie('payload'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(payload, (value) => {
        for (const receiver of receivers) {
          for (const action of receiver.read(value)) expect(['open', 'resolve', 'ignore']).toContain(action.action);
        }
      }),
      { numRuns: 300 },
    );
  });
});
