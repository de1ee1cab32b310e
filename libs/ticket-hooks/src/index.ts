export { parseHookSources, type HookSource } from './mapping/parse-hook-sources';
export { type SecretSources } from './mapping/secrets';
export { createHookReceiver, type HookAction, type HookReceiver, type HookTicket } from './receiver/hook-receiver';
export { type HookHeaders } from './verify/verify-hook';
export { type ReadyMappingName } from './ready/ready-mappings';
