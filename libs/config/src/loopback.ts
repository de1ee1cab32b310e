const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const LOOPBACK_V4 = new RegExp(String.raw`^127(?:\.${BYTE}){3}$`);

/**
 * Whether an address to listen on surely stays within this machine: 127.0.0.0/8 in its common spelling, `::1`, `localhost`.
 * Rarer spellings of the same count as reachable from outside: the error is on the safe side.
 */
export function isLoopback(host: string): boolean {
  return LOOPBACK_V4.test(host) || host === '::1' || host.toLowerCase() === 'localhost';
}
