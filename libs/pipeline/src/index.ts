export { URGENT_LANE_THRESHOLD, createPipeline, type Pipeline, type PipelineDependencies } from './pipeline';
export type { OfferedTicket } from './offered-ticket';
export { eventLoopTurn, type TurnKind } from './event-loop-turn';
export { STAGES, type PipelineObserver, type Stage } from './observer';
export { machineTest, type MachineSenders, type Sender } from './machine-senders';
export { vouchedTest, type VouchedSenders, type VouchedTicket } from './vouched-senders';
export { exclusionOf } from './storm-arrival';
export { type UnderstandingDependencies } from './understand';
export { createServing, type Serving } from './serving/create-serving';
export { type Mode, type ServingBroker, type Submission } from './serving/serving-broker';
export { type ServingDependencies } from './serving/switching-broker';
export {
  type Answerer,
  type FailureBaseline,
  type FailureHead,
  type Guarded,
  type TicketModels,
  type TransformerModels,
} from './models';
