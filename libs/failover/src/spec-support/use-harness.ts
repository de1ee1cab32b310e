import { createMemoryBroker } from '@smart-support/broker';
import type { BrokerOptions, LocalBroker } from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';
import { VirtualClock } from '@smart-support/testing';
import type { FailoverService } from '../failover-service';
import type { FaultyBroker } from './faulty-broker';
import { ADA, type FailoverHarness, type HarnessParts, createHarness, summaryOf } from './failover-harness';

/** More than the interval of handoff rounds, in milliseconds. */
export const A_ROUND_MS = 1_500;

/** An error of a dead letter. */
export const BREAKS = { code: 'poison', message: 'It broke' };

/** The clock of the current test; like the following, created before each one by {@link useHarness}. */
export let clock: VirtualClock;
/** The broker of this process. */
export let local: LocalBroker;
/** The broker in memory behind the shared store. */
export let behind: LocalBroker;
/** The failover and its store. */
export let harness: FailoverHarness;
/** The service under test. */
export let broker: FailoverService;
/** The shared store. */
export let store: FaultyBroker;

/** Creates the harness of a test. The shared broker is away, and nothing is started. */
export async function setUpHarness(options: Partial<BrokerOptions> = {}): Promise<void> {
  clock = new VirtualClock();
  local = createMemoryBroker(options, { clock });
  behind = createMemoryBroker(options, { clock });
  await local.agents.put('ada', ADA);
  replaceHarness();
}

/** Creates the harness again with another local broker or other models. */
export function replaceHarness(parts: Partial<Pick<HarnessParts, 'local' | 'models'>> = {}): void {
  local = parts.local ?? local;
  harness = createHarness({ clock, behind, ...parts, local });
  ({ service: broker, store } = harness);
}

/** Creates a harness before each test of a spec file. */
export function useHarness(): void {
  beforeEach(() => setUpHarness());
}

/** Offers a ticket. */
export async function submit(offered: OfferedTicket): Promise<string> {
  return summaryOf(await broker.submit(offered));
}

/** Starts with the shared broker up. */
export async function startWithStoreUp(): Promise<void> {
  store.goUp();
  broker.start();
  await clock.run(0);
}

/** Starts with the shared broker away. */
export function startWithStoreDown(): void {
  broker.start();
}

/** Makes the shared broker available, and waits for one round of handoffs. */
export async function bringStoreUp(): Promise<void> {
  store.goUp();
  await clock.run(A_ROUND_MS);
}

/** Status of a ticket, as the service sees it. */
export async function status(id: string): Promise<string | undefined> {
  return (await broker.tickets.get(id))?.ticket.status;
}

/** Number of queued tickets of the shared broker. */
export async function queuedBehind(): Promise<number> {
  const { lanes } = await behind.queue.report();
  return lanes.normal + lanes.urgent;
}

/** Claims all tickets of the shared broker and fails them for good. */
export async function failQueuedTickets(): Promise<void> {
  for (const claim of await behind.queue.claim(100)) await behind.queue.fail(claim, { ...BREAKS, retryable: false });
}
