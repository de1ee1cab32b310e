import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisAddress, askRedis } from './ask-redis';

const SLOTS = 16_384;
/** Redis itself waits 2 s before a node that just started may serve. */
const FORM_MS = 20_000;
const POLL_MS = 20;

/** Gives a cluster-enabled server every slot, unless it has them from an earlier run, and waits until it serves. */
export async function formOneNodeCluster(address: RedisAddress): Promise<void> {
  if (!(await clusterInfo(address)).includes(`cluster_slots_assigned:${SLOTS}`))
    await askRedis(address, ['CLUSTER', 'ADDSLOTS', ...Array.from({ length: SLOTS }, (_, slot) => slot)]);
  const deadline = performance.now() + FORM_MS;
  while (!(await clusterInfo(address)).includes('cluster_state:ok')) {
    if (performance.now() > deadline) throw new Error(`The one-node cluster does not serve after ${FORM_MS} ms`);
    await sleep(POLL_MS);
  }
}

async function clusterInfo(address: RedisAddress): Promise<readonly string[]> {
  return String(await askRedis(address, ['CLUSTER', 'INFO'])).split('\r\n');
}
