import type { AgentProfile } from '@smart-support/contracts';

/** The agents: enough slots for an ordinary hour, too few for a spike. */
export const ROSTER: readonly AgentProfile[] = [
  { id: 'amina', name: 'Amina', skills: { Billing: 0.9, Legal: 0.3 }, capacity: 7, status: 'available' },
  { id: 'boris', name: 'Boris', skills: { Billing: 0.7, Technical: 0.2 }, capacity: 6, status: 'available' },
  { id: 'chloe', name: 'Chloe', skills: { Billing: 0.6 }, capacity: 6, status: 'available' },
  { id: 'diego', name: 'Diego', skills: { Technical: 0.9 }, capacity: 8, status: 'available' },
  { id: 'emeka', name: 'Emeka', skills: { Technical: 0.8, Billing: 0.3 }, capacity: 7, status: 'available' },
  { id: 'freya', name: 'Freya', skills: { Technical: 0.6 }, capacity: 6, status: 'available' },
  { id: 'goran', name: 'Goran', skills: { Legal: 0.9 }, capacity: 6, status: 'available' },
  { id: 'hana', name: 'Hana', skills: { Legal: 0.7, Billing: 0.4 }, capacity: 6, status: 'available' },
];

/** The shortest and the longest time that one of them takes for a ticket, in milliseconds. */
export const WORK_MS = { shortest: 2000, longest: 6000 };
