import { duplicateKeyOf } from './duplicate-key';
import { machineTest } from './machine-senders';
import type { OfferedTicket } from './offered-ticket';

const isMachine = machineTest({ channels: ['alertmanager'], senders: ['alerts@*'] });
const input = { text: 'ALERT: payment API is down', requester: 'mara@example.com' };
const keyOf = (offered: OfferedTicket): string | null => duplicateKeyOf(offered, isMachine);

describe('what tells that a ticket was sent twice by mistake', () => {
  it('is the same for one person and one text, however the address is written, and tells neither', () => {
    const key = keyOf({ input });
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(keyOf({ input: { ...input, requester: ' Mara Lind <Mara@Example.com> ' } })).toBe(key);
    expect(keyOf({ input: { ...input, requester: 'ben@example.com' } })).not.toBe(key);
    expect(keyOf({ input: { ...input, text: 'ALERT: search is down' } })).not.toBe(key);
  });

  it.each<[string, OfferedTicket['input']]>([
    ['a requester of machines', { ...input, requester: 'Alerts <ALERTS@example.org>' }],
    ['a channel of machines', { ...input, channel: 'Alertmanager' }],
    ['metadata that say so', { ...input, metadata: { machine: true } }],
  ])('is nothing for what a program sends, known by %s: it may send one alarm many times', (_what, sent) => {
    expect(keyOf({ input: sent })).toBeNull();
  });

  it.each<[string, OfferedTicket]>([
    ['an id', { input: { ...input, id: 'T-1' } }],
    ['a key', { input, idempotencyKey: 'k' }],
    ['no requester', { input: { text: input.text } }],
    ['an empty requester', { input: { ...input, requester: ' ' } }],
  ])('is nothing with %s', (_what, offered) => {
    expect(keyOf(offered)).toBeNull();
  });

  it('is what an offer states itself', () => {
    expect(keyOf({ input, duplicateKey: null })).toBeNull();
    expect(keyOf({ input: { ...input, channel: 'alertmanager' }, duplicateKey: 'stated' })).toBe('stated');
  });
});
