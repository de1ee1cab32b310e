import type { BrokerOptions } from '@smart-support/contracts';

/** Most unfinished tickets of one trust domain; at least one. */
export function mostOfDomain({ queueMax, queueShare = 1 }: Pick<BrokerOptions, 'queueMax' | 'queueShare'>): number {
  return Math.max(1, Math.floor(queueMax * queueShare));
}
