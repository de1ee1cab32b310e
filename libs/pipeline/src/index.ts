export { URGENT_LANE_THRESHOLD, createPipeline, type Pipeline, type PipelineDependencies } from './pipeline';
export { duplicateKeyOf, type OfferedTicket } from './offered-ticket';
export { eventLoopTurn, type TurnKind } from './event-loop-turn';
export { type PipelineObserver, type Stage } from './observer';
export {
  machineTest,
  type MachineSenders,
  type Sender,
  vouchedTest,
  type VouchedSenders,
  type VouchedTicket,
  exclusionOf,
} from './storm-arrival';
export { explain, type Explained } from './explain';
export { understand, type Understandable, type Understanding, type UnderstandingDependencies } from './understand';
export {
  type Answerer,
  type FailureBaseline,
  type FailureHead,
  type Guarded,
  type TicketModels,
  type TransformerModels,
} from './models';
