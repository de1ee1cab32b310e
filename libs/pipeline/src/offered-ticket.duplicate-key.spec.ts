import { requesterKey } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { duplicateKeyOf, type OfferedTicket } from './offered-ticket';
import { machineTest } from './storm-arrival';

const isMachine = machineTest({ channels: ['alertmanager'], senders: ['alerts@*'] });
const input = { text: 'ALERT: payment API is down', requester: 'mara@example.com' };
const keyOf = (offered: OfferedTicket): string | null => duplicateKeyOf(offered, isMachine);

const from = (domain: string) => ({ key: 'k', domain });

describe('the key by which repeated tickets are recognised', () => {
  it('is the same for one person and one text, however the address is written, and reveals neither', () => {
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

  it('is another one in another trust domain, and the same one within a domain for every key', () => {
    const key = keyOf({ input, source: { key: 'web', domain: 'shop' } });
    expect(keyOf({ input, source: { key: 'app', domain: 'shop' } })).toBe(key);
    expect(keyOf({ input, source: from('desk') })).not.toBe(key);
    expect(keyOf({ input })).not.toBe(key);
    expect(keyOf({ input, source: from('') })).toBe(keyOf({ input }));
  });

  it('is never that of another trust domain, requester or text, however these are cut', () => {
    const name = fc.stringMatching(/^[\w.-]{0,6}$/);
    const text = fc.stringMatching(/^[0-9 ]{0,3}[ab]$/);
    const offer = fc.tuple(name, text, text);
    fc.assert(
      fc.property(offer, offer, (one, other) => {
        const keys = [one, other].map(([domain, requester, text]) =>
          keyOf({ input: { text, requester }, source: from(domain) }),
        );
        const isSame = one[0] === other[0] && requesterKey(one[1]) === requesterKey(other[1]) && one[2] === other[2];
        expect(keys[0] === keys[1]).toBe(isSame);
      }),
    );
  });

  it('is what an offer states itself', () => {
    expect(keyOf({ input, duplicateKey: null })).toBeNull();
    expect(keyOf({ input: { ...input, channel: 'alertmanager' }, duplicateKey: 'stated' })).toBe('stated');
  });
});
