import { SmartSupportError } from '@smart-support/contracts';

/** Names of one routing domain in the store. All begin with one hash tag, so that they are in one slot of a cluster. */
export interface Keys {
  /** Prefix of every key, for example `{smart-support}:`. */
  readonly domain: string;
  /** Prefix of the queue's own keys, for example `{smart-support}:tickets`. */
  readonly queue: string;
  /** The list that workers sleep on. */
  readonly wake: string;
  /** The key of the write probe. */
  readonly probe: string;
  /** The lock of the sweep leader. */
  readonly leader: string;
}

/** First words of other keys of the domain: with a queue of such a name, a client could choose a ticket id that names one of them. */
const TAKEN = [
  'ticket',
  'index',
  'lock',
  'idempotency',
  'duplicate',
  'waiting',
  'agent',
  'agents',
  'outbox',
  'endpoint',
  'rate',
  'workers',
  'storm',
  'incident',
  'incidents',
];

/**
 * The keys of a routing domain.
 * @throws SmartSupportError `invalid_config` for a queue name whose keys would collide with others
 */
export function keysOf({ prefix, queueKey }: { readonly prefix: string; readonly queueKey: string }): Keys {
  const [firstWord = ''] = queueKey.split(':');
  if (TAKEN.includes(firstWord)) {
    const message = `The queue's name (REDIS_QUEUE_KEY) must not begin with "${firstWord}": other keys do. Not one of ${TAKEN.join(', ')}.`;
    throw new SmartSupportError('invalid_config', message);
  }
  const domain = `{${prefix}}:`;
  const queue = `${domain}${queueKey}`;
  return { domain, queue, wake: `${queue}:wake`, probe: `${domain}probe`, leader: `${domain}leader` };
}
