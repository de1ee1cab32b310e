import { type BrokerOptions, type Claim, type Decision, type TicketRecord } from '@smart-support/contracts';
import { type RedisServer, aDecision, aNewTicket, eventually } from '@smart-support/testing';
import { type RedisBroker, type RedisBrokerDependencies, createRedisBroker } from '../redis-broker';

/** A broker on a domain of a server, once it has contact. */
export async function openBroker(
  server: Pick<RedisServer, 'url'>,
  prefix: string,
  options: Partial<BrokerOptions> = {},
  dependencies: RedisBrokerDependencies = {},
  waitReplicas = 0,
): Promise<RedisBroker> {
  const { url } = server;
  const broker = createRedisBroker({ url, waitReplicas, prefix, queueKey: 'tickets' }, options, dependencies);
  await eventually('first contact', () => broker.availability === 'up');
  return broker;
}

/** Offers and claims a ticket. */
export async function claimed(broker: RedisBroker, id: string): Promise<Claim> {
  await broker.queue.accept([aNewTicket({ id })]);
  const claim = await broker.queue.claimById(id);
  if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
  return claim;
}

/** Offers, claims and commits a ticket. */
export async function committed(
  broker: RedisBroker,
  id: string,
  decision: Decision = aDecision(),
): Promise<TicketRecord> {
  return broker.tickets.commit(await claimed(broker, id), decision);
}

/** Claims up to `limit` tickets; returns their ids. */
export async function claimIds(broker: RedisBroker, limit = 10): Promise<string[]> {
  return (await broker.queue.claim(limit)).map(({ record }) => record.ticket.id);
}

/** Offers a ticket that dies at once. */
export async function dead(broker: RedisBroker, id: string): Promise<void> {
  await broker.queue.fail(await claimed(broker, id), { code: 'poison', message: 'It broke', retryable: false });
}
