import { trustDomainOf } from './key-domains';
import type { Config } from './settings-table';

/** Which part of a queue one trust domain may fill where nothing else is set and there are several: any two can work beside each other. */
const SHARE_OF_SEVERAL = 0.5;

/**
 * Which part of the queue the tickets of one trust domain may fill: `KEY_QUEUE_SHARE`, or what follows from who may send tickets.
 * @param hookDomains - trust domains of the sources of webhooks
 */
export function queueShareOf(
  { access, broker }: Pick<Config, 'access' | 'broker'>,
  hookDomains: readonly string[] = [],
): number {
  const senders = (access.keys ?? []).filter(({ role }) => role !== 'agent');
  const domains = new Set(senders.map(({ name }) => trustDomainOf(name, access.keyDomains)));
  // Where callers need no key, their tickets have no domain, and are beside those of the sources all the same.
  if (hookDomains.length > 0 && access.keys === undefined) domains.add('');
  for (const domain of hookDomains) domains.add(domain);
  return broker.keyQueueShare ?? (domains.size > 1 ? SHARE_OF_SEVERAL : 1);
}
