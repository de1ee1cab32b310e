import type { AgentProfile } from '@smart-support/contracts';

/** The agents of a run: so few slots that tickets wait in line at times, so many that none waits for long. */
export const CHAOS_ROSTER: readonly AgentProfile[] = [
  { id: 'abel', name: 'Abel', skills: { Billing: 0.9 }, capacity: 4, status: 'available' },
  { id: 'bina', name: 'Bina', skills: { Billing: 0.7, Technical: 0.3 }, capacity: 3, status: 'available' },
  { id: 'cleo', name: 'Cleo', skills: { Technical: 0.9 }, capacity: 5, status: 'available' },
  { id: 'dara', name: 'Dara', skills: { Technical: 0.8, Billing: 0.4 }, capacity: 3, status: 'available' },
  { id: 'egon', name: 'Egon', skills: { Legal: 0.9 }, capacity: 3, status: 'available' },
  { id: 'fina', name: 'Fina', skills: { Legal: 0.6, Billing: 0.6 }, capacity: 3, status: 'available' },
  { id: 'gaia', name: 'Gaia', skills: { Billing: 0.5, Technical: 0.5, Legal: 0.5 }, capacity: 4, status: 'available' },
];
