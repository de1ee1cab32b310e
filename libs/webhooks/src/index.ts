export { type DeliveryOutcome, type FailedTry, type FailureReason } from './sender/delivery-outcome';
export {
  faultInjectingSender,
  type InjectedWebhookFault,
  type FaultInjectingSender,
} from './sender/fault-injecting-sender';
export { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from './sender/webhook-sender';
export {
  createWebhookDispatcher,
  type WebhookDispatcher,
  type WebhookDispatcherOptions,
} from './dispatcher/webhook-dispatcher';
export { type EventReport, type TryReport, type WebhookObserver } from './dispatcher/webhook-observer';
