import { SmartSupportError } from './errors';

/** Host and port of one server. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** What every form of an address says. */
interface RedisAccess {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Whether every connection is TLS. */
  readonly tls: boolean;
}

/** Where the shared store is, read from an address by {@link parseRedisUrl}. */
export type RedisTarget = RedisAccess &
  (
    | { readonly topology: 'single'; readonly node: HostAndPort; readonly database: number }
    | { readonly topology: 'socket'; readonly path: string; readonly database: number }
    | {
        readonly topology: 'sentinel';
        /** The sentinels, not the servers that they watch. */
        readonly sentinels: readonly HostAndPort[];
        readonly masterName: string;
        readonly database: number;
        readonly sentinelUsername: string | undefined;
        readonly sentinelPassword: string | undefined;
      }
    /** Any nodes of the cluster; it names the others. A cluster has no database but 0. */
    | { readonly topology: 'cluster'; readonly nodes: readonly HostAndPort[] }
  );

/** The forms of an address, for messages and documentation. */
export const REDIS_URL_FORMS =
  'redis://[user:password@]host[:port][/database]; redis+unix:///path[?db=database], or the path alone, for a Unix socket; ' +
  'redis-sentinel://[user:password@]host[:port],...,host[:port]/master-name[/database][?sentinelPassword=...]; ' +
  'redis-cluster://[user:password@]host[:port],...,host[:port]; rediss instead of redis for TLS; special characters percent-encoded';

const LONGEST = 4096;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
const DATABASE = /^\d{1,5}$/;
const MASTER_NAME = /^[\w.-]{1,128}$/;
const SENTINEL_OPTIONS = ['sentinelUsername', 'sentinelPassword'];

/**
 * Reads the address of a Redis: a single server, a Unix socket, a master that sentinels watch, or a cluster.
 * Messages of errors do not repeat the address, which may contain a password.
 * @throws SmartSupportError `invalid_config` that says what is wrong with it
 */
export function parseRedisUrl(text: string): RedisTarget {
  // Parsers of addresses drop white space and control characters in silence; here they are refused.
  if (text.length > LONGEST || !/^[\x21-\x7e]+$/.test(text))
    throw wrong(`may have ${LONGEST} characters of visible ASCII at most`);
  if (text.startsWith('/')) return socketTarget(text, '', '');
  const [, scheme = '', rest = ''] = /^([a-z+-]+):\/\/(.*)$/.exec(text) ?? [];
  const tls = scheme.startsWith('rediss');
  // Nothing may follow the path but the options named here: an unescaped ? or # in a password would cut the address short.
  if (rest.includes('#')) throw wrong('may not contain #: percent-encode it in a password (%23)');
  const [main = '', query = '', ...more] = rest.split('?');
  if (more.length > 0) throw wrong('may not contain a second ?: percent-encode it in a password (%3F)');
  switch (scheme) {
    case 'redis':
    case 'rediss':
      return singleTarget(main, query, tls);
    case 'redis+unix': {
      const { access, hosts, path } = partsOf(main);
      if (hosts !== '') throw wrong('has a host where the path of a Unix socket is expected: redis+unix:///path');
      return socketTarget(path, query, access);
    }
    case 'redis-sentinel':
    case 'rediss-sentinel':
      return sentinelTarget(main, query, tls);
    case 'redis-cluster':
    case 'rediss-cluster': {
      const { access, hosts, path } = partsOf(main);
      if (path.length > 1) throw wrong('names a database, and a cluster has none but 0');
      refuseOptions(query, []);
      return { topology: 'cluster', nodes: nodesIn(hosts, REDIS_PORT), ...accessIn(access), tls };
    }
    default:
      throw wrong(`must be an address: ${REDIS_URL_FORMS}`);
  }
}

function singleTarget(main: string, query: string, tls: boolean): RedisTarget {
  const { access, hosts, path } = partsOf(main);
  refuseOptions(query, []);
  const [node, ...others] = nodesIn(hosts, REDIS_PORT);
  if (!node || others.length > 0)
    throw wrong('names several servers: that needs redis-sentinel:// with a master’s name, or redis-cluster://');
  return { topology: 'single', node, database: databaseIn(path.slice(1)), ...accessIn(access), tls };
}

function socketTarget(path: string, query: string, access: string): RedisTarget {
  if (path.length < 2 || /[?#]/.test(path)) throw wrong('needs the absolute path of a Unix socket, without ? and #');
  const database = databaseIn(refuseOptions(query, ['db']).get('db') ?? '');
  return { topology: 'socket', path: decoded(path), database, ...accessIn(access), tls: false };
}

function sentinelTarget(main: string, query: string, tls: boolean): RedisTarget {
  const { access, hosts, path } = partsOf(main);
  const sentinels = nodesIn(hosts, SENTINEL_PORT);
  const [, masterName = '', database = '', ...more] = path.split('/');
  if (!MASTER_NAME.test(masterName))
    throw wrong('needs the name of the master behind the sentinels: redis-sentinel://host,host/master-name');
  if (more.length > 0) throw wrong('has more than a master’s name and a database behind the sentinels');
  const options = refuseOptions(query, SENTINEL_OPTIONS);
  return {
    topology: 'sentinel',
    sentinels,
    masterName,
    database: databaseIn(database),
    sentinelUsername: options.get('sentinelUsername'),
    sentinelPassword: options.get('sentinelPassword'),
    ...accessIn(access),
    tls,
  };
}

function partsOf(main: string): { readonly access: string; readonly hosts: string; readonly path: string } {
  const slash = main.indexOf('/');
  const authority = slash < 0 ? main : main.slice(0, slash);
  const at = authority.lastIndexOf('@');
  return {
    access: authority.slice(0, Math.max(0, at)),
    hosts: authority.slice(at + 1),
    path: main.slice(authority.length),
  };
}

function accessIn(access: string): Pick<RedisAccess, 'username' | 'password'> {
  const colon = access.indexOf(':');
  const username = decoded(colon < 0 ? access : access.slice(0, colon));
  const password = decoded(colon < 0 ? '' : access.slice(colon + 1));
  if (username !== '' && password === '') throw wrong('has a user without a password: user:password@');
  return { username: username || undefined, password: password || undefined };
}

function nodesIn(hosts: string, defaultPort: number): readonly HostAndPort[] {
  return hosts.split(',').map((each) => {
    const [, host = '', port = ''] = /^(.*?)(?::(\d{1,5}))?$/.exec(each) ?? [];
    const number = port === '' ? defaultPort : Number(port);
    if (!HOST.test(host))
      throw wrong(hosts === '' ? 'has no host' : 'has something that is no host, or no port, among its hosts');
    if (number > 65_535 || number === 0) throw wrong('has a port out of range');
    return { host: host.replace(/^\[|\]$/g, ''), port: number };
  });
}

function databaseIn(text: string): number {
  if (text !== '' && !DATABASE.test(text)) throw wrong('has a database that is no whole number from 0 to 99999');
  return Number(text);
}

/** The options of an address. Clients take any as options of theirs, which would overrule ours. */
function refuseOptions(query: string, allowed: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    // A value may contain = itself, as the end of one in base64 does.
    const [name = '', ...parts] = pair.split('=');
    const value = parts.join('=');
    if (!allowed.includes(name) || value === '')
      throw wrong(
        allowed.length === 0
          ? 'takes no options behind ?: percent-encode a ? in a password (%3F)'
          : `takes no options behind ? but ${allowed.join(' and ')}, each with a value`,
      );
    if (found.has(name)) throw wrong(`has the option ${name} twice`);
    found.set(name, decoded(value));
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('has a % that begins no percent-encoded character');
  }
}

function wrong(what: string): SmartSupportError {
  return new SmartSupportError('invalid_config', `The address of the shared store ${what}`);
}
