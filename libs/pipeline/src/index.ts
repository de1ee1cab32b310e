export {
  URGENT_LANE_THRESHOLD,
  createPipeline,
  type OfferedTicket,
  type Pipeline,
  type PipelineDependencies,
} from './pipeline';
export { STAGES, type PipelineObserver, type Stage } from './observer';
export { type UnderstandingDependencies } from './understand';
export { type Answerer, type Guarded, type TicketModels, type TransformerModels } from './models';
