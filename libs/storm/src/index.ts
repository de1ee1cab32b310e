export { type QuantisedVector, cosine, quantise } from './vectors/quantised-vector';
export { type QuantisedSparseVector, quantiseSparse, sparseCosine } from './vectors/quantised-sparse-vector';
export type {
  ArrivedEntry,
  ConfirmedEntry,
  OpenedByHandEntry,
  RejectedEntry,
  ResolvedEntry,
  ReferenceEntry,
  RulesEntry,
  StormEntry,
  SuspectedEntry,
  TickEntry,
  UnlinkedEntry,
  UsualMatters,
} from './log/storm-entry';
export type { EncodedWords } from './log/encode-vectors';
export { entryFromJson, entryToJson, type UnplacedEntry } from './log/entry-json';
export type { IncidentChange, Joined, Outcome } from './outcome';
export { verdictWithDoubts, withDoubts } from './doubts';
export { DAY_MS, LATE_MS, LOW_SIMILARITY_SHARE } from './rules';
export type { Attraction, Incident, Member, Nearness } from './state/incident';
export type { UnplacedArrival } from './state/arrival';
export type { Likeness } from './state/likeness';
export type { MeanLikeness } from './state/mean-likeness';
export type { EncodedIncident, EncodedMean, StormSnapshot } from './state/storm-snapshot';
export { snapshotFromParts, snapshotParts } from './state/snapshot-parts';
export { StormDetector } from './storm-detector';
export { REFERENCE_SPAN, type ReferenceSpan } from './suspicion/reference-sample';
export { FEWEST_LOOK_ALIKES, OWN_REFERENCE, type SuspicionRules } from './suspicion/suspicion';
export type { SuspectedBurst } from './suspicion/suspected-burst';
export { SuspicionWatch, type KnownIncidents } from './suspicion/suspicion-watch';
export { NO_USUAL_TICKETS, type UsualTickets, usualTickets } from './suspicion/usual-tickets';
export type { EncodedUsual, WatchSnapshot } from './suspicion/watch-snapshot';
