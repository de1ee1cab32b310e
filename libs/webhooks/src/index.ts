export { createAddressPolicy, type AddressPolicy } from './sender/address-policy';
export { type DeliveryOutcome, type FailedTry } from './sender/delivery-outcome';
export {
  faultInjectingSender,
  type InjectedWebhookFault,
  type FaultInjectingSender,
} from './sender/fault-injecting-sender';
export { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from './sender/webhook-sender';
export { type EndpointHealth } from './endpoints/endpoint-health';
export {
  createEndpointDeliveries,
  type DeliveredEndpoint,
  type EndpointDeliveriesOptions,
} from './endpoints/endpoint-deliveries';
export { createEndpointSender, type EndpointSenderOptions } from './endpoints/endpoint-sender';
export { parseWebhookEndpoints } from './endpoints/parse-endpoints';
export {
  createWebhookDispatcher,
  type WebhookDispatcher,
  type WebhookDispatcherOptions,
} from './dispatcher/webhook-dispatcher';
export { type EventReport, type TryReport, type WebhookObserver } from './dispatcher/webhook-observer';
