import type { AgentProfile } from '@smart-support/contracts';

/**
 * Nine invented people to try the engine with, loaded where no roster is configured.
 * Between them they cover every category, with specialists, all-rounders, a beginner and one who is away.
 */
export const DEMO_ROSTER: readonly AgentProfile[] = [
  { id: 'amara', name: 'Amara Nwosu', skills: { Billing: 0.95, Legal: 0.2 }, capacity: 6, status: 'available' },
  { id: 'bastien', name: 'Bastien Roche', skills: { Billing: 0.8, Technical: 0.4 }, capacity: 5, status: 'available' },
  { id: 'chiyo', name: 'Chiyo Tanabe', skills: { Technical: 0.95 }, capacity: 4, status: 'available' },
  { id: 'dawit', name: 'Dawit Haile', skills: { Technical: 0.85, Billing: 0.3 }, capacity: 6, status: 'available' },
  { id: 'elena', name: 'Elena Brandt', skills: { Legal: 0.95 }, capacity: 3, status: 'available' },
  { id: 'farid', name: 'Farid Haddad', skills: { Legal: 0.7, Billing: 0.6 }, capacity: 4, status: 'available' },
  {
    id: 'greta',
    name: 'Greta Lindqvist',
    skills: { Billing: 0.6, Technical: 0.6, Legal: 0.4 },
    capacity: 8,
    status: 'available',
  },
  { id: 'hugo', name: 'Hugo Paredes', skills: { Technical: 0.5 }, capacity: 2, status: 'available' },
  { id: 'imani', name: 'Imani Okello', skills: { Technical: 0.9, Legal: 0.5 }, capacity: 5, status: 'away' },
];
