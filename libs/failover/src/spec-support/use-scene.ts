import { createMemoryBroker } from '@smart-support/broker';
import type { BrokerOptions, LocalBroker } from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';
import { VirtualClock } from '@smart-support/testing';
import type { FailoverService } from '../failover-service';
import type { BrokerWithASwitch } from './broker-with-a-switch';
import { ADA, type Scene, type SceneParts, aScene, inShort } from './failover-scene';

/** More than the time between two rounds of following the shared broker, in milliseconds. */
export const A_ROUND_MS = 1_500;

/** An error of a dead letter. */
export const BREAKS = { code: 'poison', message: 'It broke' };

/** The clock of the present test; like the following, made anew before each one by {@link useScene}. */
export let clock: VirtualClock;
/** The broker of this process. */
export let local: LocalBroker;
/** The broker in memory behind the shared store. */
export let behind: LocalBroker;
/** The whole scene. */
export let scene: Scene;
/** The service under test. */
export let broker: FailoverService;
/** The shared store. */
export let store: BrokerWithASwitch;

/** Makes the scene of a test. The shared broker is away, and nothing is started. */
export async function setUp(options: Partial<BrokerOptions> = {}): Promise<void> {
  clock = new VirtualClock();
  local = createMemoryBroker(options, { clock });
  behind = createMemoryBroker(options, { clock });
  await local.agents.put('ada', ADA);
  replaceScene();
}

/** Makes the scene again with another local broker or other models. */
export function replaceScene(parts: Partial<Pick<SceneParts, 'local' | 'models'>> = {}): void {
  local = parts.local ?? local;
  scene = aScene({ clock, behind, ...parts, local });
  ({ service: broker, store } = scene);
}

/** Makes a scene before each test of a spec file. */
export function useScene(): void {
  beforeEach(() => setUp());
}

/** Offers a ticket. */
export async function submit(offered: OfferedTicket): Promise<string> {
  return inShort(await broker.submit(offered));
}

/** Starts with the shared broker up. */
export async function startedUp(): Promise<void> {
  store.comeBack();
  broker.start();
  await clock.run(0);
}

/** Starts with the shared broker away. */
export function startedDown(): void {
  broker.start();
}

/** The shared broker comes back, and one round of following it passes. */
export async function isBack(): Promise<void> {
  store.comeBack();
  await clock.run(A_ROUND_MS);
}

/** Status of a ticket, as the service sees it. */
export async function status(id: string): Promise<string | undefined> {
  return (await broker.get(id))?.ticket.status;
}

/** Number of queued tickets of the shared broker. */
export async function queuedBehind(): Promise<number> {
  const { lanes } = await behind.queue.report();
  return lanes.normal + lanes.urgent;
}

/** Claims all tickets of the shared broker and fails them for good. */
export async function workedOff(): Promise<void> {
  for (const claim of await behind.queue.claim(100)) await behind.queue.fail(claim, { ...BREAKS, retryable: false });
}
