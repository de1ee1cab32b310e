import type { Agent, AgentSlots } from '@smart-support/contracts';

/**
 * Copies the shared roster to this process, so that tickets go to the right agents also while the shared broker is away.
 * Open tickets are not copied: an agent has only the load that it got in this process.
 */
export async function copyRoster(from: AgentSlots, to: AgentSlots): Promise<void> {
  const [wanted, present] = await Promise.all([from.list(), to.list()]);
  // The roster of this process serves until the shared broker has one.
  if (wanted.length === 0) return;
  const known = new Map(present.map((agent) => [agent.id, profileOf(agent)]));
  for (const agent of wanted) {
    if (known.get(agent.id) !== profileOf(agent)) await to.put(agent.id, agent);
    known.delete(agent.id);
  }
  for (const left of known.keys()) await to.remove(left);
}

function profileOf({ name, skills, capacity, status }: Agent): string {
  return JSON.stringify([name, Object.entries(skills).sort(), capacity, status]);
}
