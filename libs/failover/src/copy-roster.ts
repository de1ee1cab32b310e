import type { Agent, AgentSlots } from '@smart-support/contracts';

/**
 * Brings the agents of this process up to date with the shared ones, so that tickets can go to the right people also while the
 * shared ones cannot be asked. Open tickets are not copied: in this process an agent has only what it was given here.
 */
export async function copyRoster(from: AgentSlots, to: AgentSlots): Promise<void> {
  const [wanted, present] = await Promise.all([from.list(), to.list()]);
  // With nobody there yet, the roster of this process is as good as any.
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
