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
export { verdictWithDoubts, withDoubts } from './incident/doubts';
export { DAY_MS, LATE_MS, LOW_SIMILARITY_SHARE } from './rules';
export type { Attraction, Incident, Member, IncidentSimilarity } from './incident/incident';
export type { UnplacedArrival } from './state/arrival';
export type { TicketVectors } from './state/ticket-vectors';
export type { MeanVectors } from './incident/mean-vectors';
export type { EncodedIncident, EncodedMean, StormSnapshot } from './snapshot/storm-snapshot';
export { snapshotFromParts, snapshotParts } from './snapshot/snapshot-parts';
export { StormDetector } from './storm-detector';
export { REFERENCE_SPAN, type ReferenceSpan } from './burst-detector/reference-sample';
export { FEWEST_SIMILAR, OWN_REFERENCE, type BurstRules } from './burst-detector/burst-test';
export type { SuspectedBurst } from './burst-detector/suspected-burst';
export { BurstDetector, type KnownIncidents } from './burst-detector/burst-detector';
export { NO_SEED_REFERENCE, type SeedReference, seedReference } from './burst-detector/seed-reference';
export type { EncodedReferenceTicket, BurstDetectorSnapshot } from './burst-detector/burst-detector-snapshot';
