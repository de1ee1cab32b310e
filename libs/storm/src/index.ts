export { type DenseVector, cosine, denseVector, quantise } from './vectors/dense-vector';
export { type SparseVector, quantiseSparse, sparseCosine, sparseVector } from './vectors/sparse-vector';
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
export type { EncodedSparseVector } from './log/encode-vectors';
export type { IncidentChange, Outcome, Verdict } from './outcome';
export { CONTINUED_MS, LATE_MS, type StormRules } from './rules';
export { Incident, type Attraction, type Member, type Nearness } from './state/incident';
export type { Likeness } from './state/arrival';
export type { MeanLikeness } from './state/mean-likeness';
export type { EncodedArrival, EncodedIncident, EncodedMean, StormSnapshot } from './state/storm-snapshot';
export { StormDetector } from './storm-detector';
