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
export type { IncidentChange, Outcome, Verdict } from './outcome';
export { CONTINUED_MS, LATE_MS, type StormRules } from './rules';
export { Incident, type Attraction, type Member, type Nearness } from './state/incident';
export type { Likeness } from './state/arrival';
export type { MeanLikeness } from './state/mean-likeness';
export type { EncodedArrival, EncodedIncident, EncodedMean, StormSnapshot } from './state/storm-snapshot';
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
