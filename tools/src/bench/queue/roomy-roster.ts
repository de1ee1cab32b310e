import { DEMO_ROSTER } from '@smart-support/agent-registry';
import type { AgentProfile } from '@smart-support/contracts';

/** The people of the demo roster with so much room that nobody's ticket ever waits, whoever of them gets it. */
export function roomyRoster(tickets: number): readonly AgentProfile[] {
  return DEMO_ROSTER.map((agent) => ({ ...agent, capacity: tickets }));
}
