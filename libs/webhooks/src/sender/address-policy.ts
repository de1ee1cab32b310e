import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

/** IPv6 addresses that anybody has been given so far. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** 64:ff9b:1::/48 is also for translation, but where the IPv4 address stands in it is up to each network. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');

/** A virtual machine in Azure reaches its host, which also answers questions about the machine, at this public address. */
const AZURE_HOST = ipaddr.parse('168.63.129.16').toString();

/** Code of the error by which a connection is refused. */
export const REFUSED_ADDRESS = 'ERR_REFUSED_ADDRESS';

/** To which addresses events may be sent. */
export interface AddressPolicy {
  /**
   * Whether a connection to this address may be made.
   * @param address - an IP address, with or without a zone (`fe80::1%eth0`); any other text is refused
   */
  allows(address: string): boolean;
}

/**
 * A policy that refuses what is not a public address: loopback, private, link-local (in which clouds answer questions about a machine), shared
 * (100.64.0.0/10), unique local, multicast, unspecified, broadcast, documentation and reserved ones. IPv4 addresses inside of IPv6 ones are looked
 * at where they lead to the IPv4 address: IPv4-mapped, and NAT64 under 64:ff9b::/96; other forms (6to4, Teredo, local NAT64) are refused.
 * @param allowed - networks in CIDR notation that are allowed although they are not public
 * @throws Error for a network that is none
 */
export function createAddressPolicy(allowed: readonly string[] = []): AddressPolicy {
  const networks = allowed.map((network) => ipaddr.parseCIDR(network));
  return {
    allows: (text) => {
      const address = parsed(text);
      return address !== undefined && (isPublic(address) || isIn(networks, address));
    },
  };
}

/**
 * A resolver of host names that answers only with addresses that a policy allows, so that whatever DNS says at the time of a connection
 * is checked by the one who connects. Where none is left it fails with {@link REFUSED_ADDRESS}.
 */
export function lookupWithPolicy(lookup: LookupFunction, policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, answer, family) => {
      if (error) return callback(error, answer, family);
      if (typeof answer === 'string') {
        return policy.allows(answer) ? callback(null, answer, family) : callback(refusal(), '');
      }
      const addresses = answer.filter(({ address }) => policy.allows(address));
      return addresses.length > 0 ? callback(null, addresses) : callback(refusal(), []);
    });
  };
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('No address of this host may be connected to.'), { code: REFUSED_ADDRESS });
}

/**
 * The address that packets reach in the end. ipaddr.js is more lenient than those who connect: it takes octal and short notations, and
 * `::1.2.3.4`, which is how resolvers write an IPv4-compatible address, for an IPv4-mapped one.
 */
function parsed(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  if (version === 4) return ipaddr.parse(text);
  const [withoutZone] = text.split('%');
  const address = ipaddr.IPv6.parse(new URL(`http://[${withoutZone}]`).hostname.slice(1, -1));
  return address.isIPv4MappedAddress() || address.match(NAT64)
    ? ipaddr.fromByteArray(address.toByteArray().slice(-4))
    : address;
}

/** Networks of special purposes that ipaddr.js counts as unicast: benchmarks, protocols of the IETF, AS112, AMT, documentation (the IANA registries of RFC 6890). */
const SPECIAL = [
  ...['198.18.0.0/15', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24'],
  ...['2001::/23', '2620:4f:8000::/48', '3fff::/20'],
].map((network) => ipaddr.parseCIDR(network));

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isIn(SPECIAL, address)) return false;
  return isIpv6(address) ? address.match(GLOBAL_UNICAST) : address.toString() !== AZURE_HOST;
}

function isIn(networks: readonly ReturnType<typeof ipaddr.parseCIDR>[], address: Address): boolean {
  return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

function isIpv6(address: Address): address is InstanceType<typeof ipaddr.IPv6> {
  return address.kind() === 'ipv6';
}
