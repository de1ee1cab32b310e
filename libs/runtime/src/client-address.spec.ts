import * as fc from 'fast-check';
import { addressIn, networkOf } from './client-address';

const ipv4 = fc.ipV4();
const ipv6 = fc.tuple(...Array.from({ length: 8 }, () => fc.integer({ min: 0, max: 0xffff })));
type Groups = readonly number[];

/** The same address as different programs write it. */
const spellings = (groups: Groups): string[] => {
  const plain = groups.map((group) => group.toString(16)).join(':');
  const padded = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
  const [high = 0, low = 0] = groups.slice(6);
  const dotted = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const mixed = `${groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')}:${dotted}`;
  const all = [plain, padded, padded.toUpperCase(), mixed];
  return [...all, ...all.map((one) => `[${one}]`), ...all.map((one) => `[${one}]:65535`)];
};
const networkFor = (groups: Groups): string => networkOf(spellings(groups)[0] ?? '');

describe('the address in what a socket or a proxy says', () => {
  it('of IPv4 is the same with a port, and written as IPv6', () => {
    fc.assert(
      fc.property(ipv4, fc.integer({ min: 0, max: 65_535 }), (address, port) => {
        for (const text of [address, `${address}:${port}`, `::ffff:${address}`, `[::FFFF:${address}]:${port}`]) {
          expect(addressIn(text)).toBe(address);
        }
      }),
    );
  });

  it('of IPv6 is the same in every spelling, with and without a port', () => {
    fc.assert(
      fc.property(ipv6, (groups) => {
        const found = new Set(spellings(groups).map(addressIn));
        expect(found.size).toBe(1);
        expect(found.has(undefined)).toBe(false);
      }),
    );
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.1:',
    '192.0.2.1:123456',
    '192.0.2.1:80:80',
    '[192.0.2.1]',
    '[192.0.2.1]:80',
    '[2001:db8::1',
    '2001:db8::1]',
    '[2001:db8::1]x',
    '[2001:db8::1]:port',
    '[]',
    `[${':'.repeat(5000)}]`,
    ' 192.0.2.1',
  ])('is none in %j', (text) => {
    expect(addressIn(text)).toBeUndefined();
  });

  it('is without the zone of a link', () => {
    expect(addressIn('fe80::1%eth0')).toBe('fe80::1');
  });
});

describe('clients are distinguished', () => {
  it('by their address of IPv4, whichever way it comes here: by itself, through a NAT64, through 6to4', () => {
    fc.assert(
      fc.property(ipv4, ipv4, (one, other) => {
        const [high, low] = ((): [number, number] => {
          const [a = 0, b = 0, c = 0, d = 0] = one.split('.').map(Number);
          return [256 * a + b, 256 * c + d];
        })();
        const site = `2002:${high.toString(16)}:${low.toString(16)}`;
        for (const [ofOne, ofOther] of [
          [networkOf(one), networkOf(other)],
          [networkOf(`64:ff9b::${one}`), networkOf(`64:ff9b::${other}`)],
          [networkOf(`64:ff9b:1::${one}`), networkOf(`64:ff9b:1::${other}`)],
        ]) {
          expect(ofOne === ofOther).toBe(one === other);
        }
        expect(networkOf(`${site}:1::1`)).toBe(networkOf(`${site}:ffff::2`));
      }),
    );
  });

  it('of IPv6 by their /64, in every spelling', () => {
    // Where neither 6to4 nor a NAT64 is.
    const customers = ipv6.map((groups) => [0x2a00, ...groups.slice(1)]);
    fc.assert(
      fc.property(customers, customers, (one, other) => {
        const network = networkFor(one);
        for (const text of spellings(one)) expect(networkOf(text)).toBe(network);
        expect(networkFor([...one.slice(0, 4), ...other.slice(4)])).toBe(network);
        const isSame = one.slice(0, 4).join() === other.slice(0, 4).join();
        expect(networkFor(other) === network).toBe(isSame);
      }),
    );
  });

  it.each([
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '::1'],
    ['fe80::2', 'fe80::2'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
