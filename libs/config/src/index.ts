export { type ApiKey, type ApiRole } from './api-keys';
export { type KeyDomain, trustDomainOf } from './key-domains';
export { loadConfig } from './load-config';
export { queueShareOf } from './queue-share';
export { type Environment, type ReadOptions } from './read-settings';
export { type ProcessName, type SettingInfo } from './setting';
export { SETTINGS, type Config } from './settings-table';
