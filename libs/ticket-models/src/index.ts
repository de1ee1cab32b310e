export { type SevereSignals, severeSignals } from './severe-signals';
export {
  openTicketModels,
  prepareTicketModels,
  type OpenTicketModels,
  type PreparedTicketModels,
} from './open-ticket-models';
export { type ModelStatus, type TicketModelsObserver } from './opened-models';
export { type TicketModelSettings } from './settings';
export { readSeedReference } from './seed-reference';
