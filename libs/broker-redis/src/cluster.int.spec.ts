import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisCluster, type RedisServer, aNewTicket, startRedisCluster, eventually } from '@smart-support/testing';
import { keysOf } from './keys';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';
import { documentedRights } from './spec-support/documented-rights';
import { Traffic, retryWhileUnavailable } from './spec-support/traffic';

let cluster: RedisCluster;
let prefix: string;
let probe: string;
const open: RedisBroker[] = [];

jest.setTimeout(120_000);

beforeAll(async () => {
  cluster = await startRedisCluster({ password: 'of-nodes' });
});
afterAll(() => cluster?.stop());
beforeEach(() => {
  prefix = `test-${randomUUID()}`;
  ({ probe } = keysOf({ prefix, queueKey: 'tickets' }));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((broker) => broker.close()));
  for (const node of cluster.nodes) {
    node.resume();
    if (!node.serving) await node.restart();
  }
  await cluster.settled();
});

async function connect(waitReplicas = 0, url = cluster.url): Promise<RedisBroker> {
  const broker = await openBroker({ url }, prefix, { leaseMs: 2_000 }, {}, waitReplicas);
  open.push(broker);
  return broker;
}

async function statusesOn(node: RedisServer, ids: readonly string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const id of ids) {
    const status = String((await node.command('HGET', `{${prefix}}:ticket:${id}`, 'status')) ?? 'lost');
    found[status] = (found[status] ?? 0) + 1;
  }
  return found;
}

it('a domain is on one node, and others are on others', async () => {
  const owners = new Set<number>();
  for (let number = 0; owners.size < 3; number += 1) {
    const other = await openBroker(cluster, `${prefix}-${number}`);
    await other.queue.accept([aNewTicket({ id: 'a' })]);
    owners.add((await cluster.ownerOf(`{${prefix}-${number}}:probe`)).port);
    await other.close();
  }
  expect(owners.size).toBe(3);
});

it('while the slot of a domain moves, tickets continue afterwards: none is lost, none is routed twice', async () => {
  const traffic = new Traffic(await connect(), await connect());
  await eventually('traffic', () => traffic.acknowledged.length > 200);
  const [to] = await cluster.otherMasters(probe);
  const move = await cluster.beginMove(probe, to!);
  while ((await move.moveKeys(20)) > 0) await sleep(5);
  await move.finish();
  const before = traffic.acknowledged.length;
  await eventually('traffic at the new owner', () => traffic.acknowledged.length > before + 200);
  await traffic.stop();
  expect((await cluster.ownerOf(probe)).port).toBe(to?.port);
  expect(await statusesOn(to!, traffic.acknowledged)).toEqual({ waiting: traffic.acknowledged.length });
  expect([...traffic.routed.values()].filter((times) => times > 1)).toEqual([]);
});

it('while the slot of a domain moves, nothing is written on either node, and the store counts as away', async () => {
  const broker = await connect();
  await broker.queue.accept([aNewTicket({ id: 'a' })]);
  const [to] = await cluster.otherMasters(probe);
  const move = await cluster.beginMove(probe, to!);
  await expect(broker.queue.accept([aNewTicket({ id: 'b' })])).rejects.toMatchObject({ code: 'unavailable' });
  const changes: string[] = [];
  broker.onAvailability((availability) => changes.push(availability));
  // Longer than it takes to detect that a store is back.
  await sleep(1_500);
  expect(changes).toEqual([]);
  expect(broker.availability).toBe('down');
  await move.finish();
  await eventually('contact', () => broker.availability === 'up');
  expect(
    (await broker.queue.accept([aNewTicket({ id: 'a' }), aNewTicket({ id: 'b' })])).map(({ outcome }) => outcome),
  ).toEqual(['repeated', 'accepted']);
});

it.each<[how: string, fail: (owner: RedisServer) => Promise<void>]>([
  ['is killed', (owner) => owner.kill()],
  ['freezes', async (owner) => owner.pause()],
])('while tickets flow and the master of the domain %s, none is lost that a replica had', async (_, fail) => {
  const traffic = new Traffic(await connect(1), await connect(1));
  await eventually('traffic', () => traffic.acknowledged.length > 200);
  const owner = await cluster.ownerOf(probe);
  await fail(owner);
  await cluster.ownerOtherThan(probe, owner);
  const before = traffic.acknowledged.length;
  owner.resume();
  if (!owner.serving) await owner.restart();
  await eventually('traffic at the new owner', () => traffic.acknowledged.length > before + 100);
  await traffic.stop();
  await cluster.settled();
  expect(await statusesOn(await cluster.ownerOf(probe), traffic.acknowledged)).toEqual({
    waiting: traffic.acknowledged.length,
  });
});

it('a sleeping worker, and the sweep lead, move with the slot', async () => {
  const broker = await connect();
  const leader = broker.leadSweeps(50);
  await broker.queue.waitForWork(1);
  const [to] = await cluster.otherMasters(probe);
  await (await cluster.beginMove(probe, to!)).finish();
  await eventually('the lead at the new owner', async () => (await to!.command('EXISTS', `{${prefix}}:leader`)) === 1);
  await eventually('contact', () => broker.availability === 'up');
  const woken = retryWhileUnavailable(() => broker.queue.waitForWork(60_000));
  await eventually('a sleeper', async () => /blocked_clients:[1-9]/.test(String(await to!.command('INFO', 'clients'))));
  await retryWhileUnavailable(() => broker.queue.accept([aNewTicket({ id: 'a' })]));
  await woken;
  await leader.stop();
});

it('a process whose first node is dead connects', async () => {
  const [dead] = await cluster.otherMasters(probe);
  await dead?.kill();
  await cluster.settled();
  const alive = await cluster.ownerOf(probe);
  const broker = await connect(0, `redis-cluster://:of-nodes@127.0.0.1:${dead?.port},127.0.0.1:${alive.port}`);
  await eventually('a write that a replica has confirmed', () => isTaken(broker, 'a'));
});

it('a user with the documented rights only finds the owner of its domain, and has writes confirmed', async () => {
  const [user = '', ...rules] = documentedRights();
  const ours = rules.map((rule) => (rule.startsWith('>') ? '>serving' : rule.replace('{smart-support}', '{test-*}')));
  for (const node of cluster.nodes)
    await node.command('ACL', 'SETUSER', user, ...ours, '+wait', '+cluster|keyslot', '+cluster|slots');
  const broker = await connect(1, cluster.url.replace(':of-nodes@', `${user}:serving@`));
  await eventually('a write that a replica has confirmed', () => isTaken(broker, 'a'));
  for (const node of cluster.nodes) expect(await node.command('ACL', 'LOG')).toEqual([]);
});

/** Offers a ticket, repeatedly while its outcome is unknown: a replica that has just got a new master confirms nothing until it is in step. */
async function isTaken(broker: RedisBroker, id: string): Promise<boolean> {
  const [answer] = await broker.queue.accept([aNewTicket({ id })]).catch(() => []);
  return answer?.outcome === 'accepted' || answer?.outcome === 'repeated';
}
