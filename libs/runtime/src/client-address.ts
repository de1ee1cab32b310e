import { SocketAddress, isIPv4, isIPv6 } from 'node:net';

/** An IPv6 address in brackets, or an address of either kind with the port that some proxies write behind it. */
const BRACKETED = /^\[(?<address>[^\]]{2,64})\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^(?<address>[\d.]{7,15}):\d{1,5}$/;

/**
 * The IP address in a text as sockets and proxies write it: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`. All spellings of
 * one address give the same text; an IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`) is one of IPv4, and the zone of a link is left out.
 * @returns `undefined` for what is no address
 */
export function addressIn(text: string): string | undefined {
  if (isIPv4(text)) return text;
  const { address } = (BRACKETED.exec(text) ?? IPV4_WITH_PORT.exec(text))?.groups ?? {};
  if (address !== undefined && isIPv4(address)) return text.startsWith('[') ? undefined : address;
  const long = address ?? text;
  if (!isIPv6(long)) return undefined;
  const short = new SocketAddress({ address: long, family: 'ipv6' }).address;
  const mapped = short.startsWith('::ffff:') ? short.slice('::ffff:'.length) : '';
  return isIPv4(mapped) ? mapped : short;
}

/** IPv6 addresses that stand for themselves: of this machine, of its link, and those by which a NAT64 writes each of its IPv4 clients (RFC 6052, RFC 8215). */
const SINGLE = /^(?:::|fe80:|64:ff9b:)/;

/**
 * What one client has at least to itself, by which clients are counted: an IPv4 address; of IPv6 the /64, of which a client may use every address, and of 6to4
 * (2002::/16) the /48 of one IPv4 address.
 * @param address - as {@link addressIn} takes it; any other text is returned as it is
 */
export function networkOf(address: string): string {
  const known = addressIn(address);
  if (known === undefined || isIPv4(known) || SINGLE.test(known)) return known ?? address;
  const [head = [], tail = []] = known.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const groups = known.startsWith('2002:') ? 3 : 4;
  return `${[...head, ...zeros, ...tail].slice(0, groups).join(':')}::/${16 * groups}`;
}
