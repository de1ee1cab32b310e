export { type DeliveryOutcome, type FailedTry, type FailureReason } from './sender/delivery-outcome';
export { rehearsingSender, type RehearsedWebhookFault, type RehearsingSender } from './sender/rehearsing-sender';
export { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from './sender/webhook-sender';
export {
  createWebhookDispatcher,
  type WebhookDispatcher,
  type WebhookDispatcherOptions,
} from './dispatcher/webhook-dispatcher';
export { type EventReport, type TryReport, type WebhookObserver } from './dispatcher/webhook-observer';
