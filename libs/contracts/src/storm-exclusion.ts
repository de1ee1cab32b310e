/**
 * Why a ticket is no part of a storm. Of the ticket itself: `unknown_words` (the model knows too few of its words), `truncated` (the model read only its
 * beginning), `nothing_said` (a greeting, or thanks), `recovery` (a monitor says that all is well again), `automated` (a
 * machine's answer to a mail). Of its company: `own_request`
 * (others are similar, but ask about something else of their own, and nothing is broken), `reference_rate` (many are similar, but no more than the reference rate),
 * `too_many_incidents` (they would open one, but so many are open that no further one opens by itself), `unverified_requesters` (they would open one, but
 * too few of their requesters are vouched for). Of its past: `doubtful_member` (it was a doubtful member of an incident that was resolved, and is routed by
 * itself).
 */
export const STORM_EXCLUSIONS = [
  'unknown_words',
  'truncated',
  'nothing_said',
  'recovery',
  'automated',
  'own_request',
  'reference_rate',
  'too_many_incidents',
  'unverified_requesters',
  'doubtful_member',
] as const;

/** See {@link STORM_EXCLUSIONS}. */
export type StormExclusion = (typeof STORM_EXCLUSIONS)[number];
