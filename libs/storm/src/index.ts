export { type QuantisedVector, cosine, quantisedVector, quantise } from './vectors/quantised-vector';
export {
  type QuantisedSparseVector,
  quantiseSparse,
  sparseCosine,
  quantisedSparseVector,
} from './vectors/quantised-sparse-vector';
export type {
  ArrivedEntry,
  ConfirmedEntry,
  OpenedByHandEntry,
  RejectedEntry,
  ResolvedEntry,
  RulesEntry,
  StormEntry,
  SuspectedEntry,
  TickEntry,
  UnlinkedEntry,
} from './log/storm-entry';
export type { EncodedWords } from './log/encode-vectors';
export { entryFromJson, entryToJson, type UnplacedEntry } from './log/entry-json';
export type { IncidentChange, Joined, Outcome } from './outcome';
export { CONTINUED_MS, LATE_MS } from './rules';
export { Incident, type Attraction, type Member, type Nearness } from './state/incident';
export type { Likeness, UnplacedArrival } from './state/arrival';
export type { MeanLikeness } from './state/mean-likeness';
export type { EncodedIncident, EncodedMean, StormSnapshot } from './state/storm-snapshot';
export { StormDetector } from './storm-detector';
export { hypergeometricTail } from './suspicion/hypergeometric-tail';
export {
  REFERENCE_SIZE,
  REFERENCE_SPAN,
  ReferenceSample,
  type ReferenceSpan,
  type ReferenceTicket,
} from './suspicion/reference-sample';
export {
  OWN_REFERENCE,
  SUSPECTED_SIMILARITIES,
  type Suspicion,
  type SuspicionCounts,
  type SuspicionRules,
  suspicionOf,
} from './suspicion/suspicion';
export { SuspicionWatch, type KnownIncidents, type SuspectedBurst } from './suspicion/suspicion-watch';
export { NO_USUAL_TICKETS, type UsualTickets, usualTickets } from './suspicion/usual-tickets';
export type { EncodedUsual, WatchSnapshot } from './suspicion/watch-snapshot';
