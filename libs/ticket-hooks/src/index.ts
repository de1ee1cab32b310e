export { parseHookSources } from './mapping/parse-hook-sources';
export { type HookConditions, type HookField, type HookSource, type HookVerification } from './mapping/hook-source';
export { type JsonPath } from './paths/json-path';
export { createHookReceiver, type HookAction, type HookReceiver, type HookTicket } from './receiver/hook-receiver';
export { type HookHeaders } from './verify/verify-hook';
