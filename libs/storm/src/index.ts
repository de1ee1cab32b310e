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
  CommonMatters,
} from './log/storm-entry';
export type { EncodedWords } from './log/encode-vectors';
export { entryFromJson, entryToJson, type UnplacedEntry } from './log/entry-json';
export type { IncidentChange, Joined, Outcome } from './outcome';
export { verdictWithDoubts, withDoubts } from './doubts';
export { DAY_MS, LATE_MS, LOW_SIMILARITY_SHARE } from './rules';
export type { Attraction, Incident, Member, IncidentSimilarity } from './state/incident';
export type { UnplacedArrival } from './state/arrival';
export type { TicketVectors } from './state/ticket-vectors';
export type { MeanVectors } from './state/mean-vectors';
export type { EncodedIncident, EncodedMean, StormSnapshot } from './state/storm-snapshot';
export { snapshotFromParts, snapshotParts } from './state/snapshot-parts';
export { StormDetector } from './storm-detector';
export { REFERENCE_SPAN, type ReferenceSpan } from './suspicion/reference-sample';
export { FEWEST_SIMILAR, OWN_REFERENCE, type BurstRules } from './suspicion/burst-test';
export type { SuspectedBurst } from './suspicion/suspected-burst';
export { BurstDetector, type KnownIncidents } from './suspicion/burst-detector';
export { NO_SEED_REFERENCE, type SeedReference, seedReference } from './suspicion/seed-reference';
export type { EncodedReference, BurstDetectorSnapshot } from './suspicion/burst-detector-snapshot';
