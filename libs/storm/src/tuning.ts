/** What measuring and choosing thresholds needs beyond the detectors: similarities, and the rules' constants. */
export { cosine } from './vectors/quantised-vector';
export { sparseCosine } from './vectors/quantised-sparse-vector';
export type { TicketVectors } from './state/ticket-vectors';
export { DAY_MS, LATE_MS, LOW_SIMILARITY_SHARE } from './rules';
export { REFERENCE_SPAN } from './burst-detector/reference-sample';
export { FEWEST_SIMILAR, OWN_REFERENCE } from './burst-detector/burst-test';
