import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import * as fc from 'fast-check';
import { createAddressPolicy, lookupWithPolicy } from './address-policy';

const policy = createAddressPolicy();
const PUBLIC = [
  '93.184.216.34',
  '1.1.1.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '2a00:1450::5',
];

describe('without allowed networks', () => {
  it.each(PUBLIC)('a public address is allowed: %s', (address) => {
    expect(policy.allows(address)).toBe(true);
  });

  it.each([
    ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1']],
    ['link-local, with or without a zone', ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1%25', 'fec0::1']],
    ['shared (CGNAT)', ['100.64.0.1', '100.127.255.255']],
    ['unique local', ['fc00::1', 'fd12:3456::1']],
    ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff05::1%eth0']],
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::', '::0']],
    ['broadcast', ['255.255.255.255']],
    ['of documentation', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1']],
    ['reserved', ['192.0.0.8', '240.0.0.1', '4000::1', '100::1', '5f00::1']],
    [
      'of a special purpose',
      ['198.18.0.1', '198.19.255.255', '192.175.48.1', '2001:2::1', '2001:20::1', '2620:4f:8000::1'],
    ],
    [
      'one at which a cloud answers questions about the machine',
      ['169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
    ],
    ['IPv4 in IPv6: mapped', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:a9fe:a9fe', '0:0:0:0:0:ffff:10.0.0.1']],
    ['IPv4 in IPv6: compatible', ['::127.0.0.1', '::7f00:1', '::8.8.8.8']],
    ['IPv4 in IPv6: translated', ['::ffff:0:127.0.0.1', '::ffff:0:808:808']],
    ['IPv4 in IPv6: NAT64', ['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::808:808', '64:ff9b::1:808:808']],
    ['IPv4 in IPv6: 6to4', ['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1']],
    ['IPv4 in IPv6: Teredo', ['2001:0:4136:e378:8000:63bf:3fff:fdd2']],
    [
      'no address',
      ['', 'localhost', 'example.org', '127.1', '0177.0.0.1', '0x7f000001', '2130706433', '1.2.3.4.', ' 1.1.1.1'],
    ],
    ['no address, nearly', ['[2606:4700::1111]', '2606:4700::1111/128', '::ffff:8.8.8', '1.1.1.1%eth0', '8.8.8.8:80']],
  ])('one that is %s is refused', (_what, addresses) => {
    for (const address of addresses) expect([address, policy.allows(address)]).toEqual([address, false]);
  });

  it('a public IPv4 address may stand in an IPv6 one that leads to it', () => {
    for (const address of ['::ffff:93.184.216.34', '64:ff9b::5db8:d822']) expect(policy.allows(address)).toBe(true);
  });

  it('an address is judged as the IPv4 address that it leads to, whichever it is', () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const address = `${a}.${b}.${c}.${d}`;
        const isAllowed = policy.allows(address);
        for (const prefix of ['::ffff:', '64:ff9b::']) expect(policy.allows(prefix + address)).toBe(isAllowed);
        expect(policy.allows(`::${address}`)).toBe(false);
      }),
    );
  });

  it('no text makes it throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => void policy.allows(text)));
  });
});

describe('an allowed network', () => {
  const allowing = (...networks: string[]) => createAddressPolicy(networks);

  it('is allowed beside the public addresses, and nothing else', () => {
    const some = allowing('10.0.0.0/8', '::1/128', '169.254.169.254/32');
    for (const address of [...PUBLIC, '10.1.2.3', '::1', '169.254.169.254']) expect(some.allows(address)).toBe(true);
    for (const address of ['127.0.0.1', '192.168.0.1', '::2', '169.254.169.253'])
      expect(some.allows(address)).toBe(false);
  });

  it('also allows an IPv6 address that leads into it', () => {
    const some = allowing('127.0.0.0/8');
    for (const address of ['::ffff:127.0.0.1', '64:ff9b::7f00:1']) expect(some.allows(address)).toBe(true);
    expect(some.allows('::127.0.0.1')).toBe(false);
  });

  it('of link-local addresses has those of every zone', () => {
    expect(allowing('fe80::/10').allows('fe80::1%eth0')).toBe(true);
  });

  it('that is none is an error', () => {
    for (const network of ['', '10.0.0.0', '10.0.0.0/33', 'localhost/8', '::1/129'])
      expect(() => allowing(network)).toThrow();
  });
});

describe('a resolver with a policy', () => {
  /** Asks a resolver that has this answer; for several addresses, for all of them. */
  const resolve = (answer: Error | string | LookupAddress[]) => {
    const resolver: LookupFunction = (_host, _options, callback) =>
      answer instanceof Error ? callback(answer, '') : callback(null, answer, 4);
    return new Promise((done) =>
      lookupWithPolicy(resolver, policy)('example.org', { all: Array.isArray(answer) }, (error, ...found) =>
        done(error?.code ?? found),
      ),
    );
  };
  const [good, bad] = [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ];

  it('passes on one public address, and refuses one that is not', async () => {
    expect(await resolve('93.184.216.34')).toEqual(['93.184.216.34', 4]);
    expect(await resolve('10.0.0.1')).toBe('ERR_REFUSED_ADDRESS');
    expect(await resolve('not an address')).toBe('ERR_REFUSED_ADDRESS');
  });

  it('passes on the public ones of several, and refuses where there is none', async () => {
    expect(await resolve([bad, good, bad])).toEqual([[good]]);
    expect(await resolve([bad, bad])).toBe('ERR_REFUSED_ADDRESS');
    expect(await resolve([])).toBe('ERR_REFUSED_ADDRESS');
  });

  it('leaves an error as it is', async () => {
    expect(await resolve(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }))).toBe('ENOTFOUND');
  });
});
