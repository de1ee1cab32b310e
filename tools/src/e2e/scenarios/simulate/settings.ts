import { SETTINGS } from '@smart-support/config';

/** A setting that is not what it is by default. */
export interface ChangedSetting {
  readonly name: string;
  readonly value: string;
  readonly standard: string;
  /** Why it is changed. */
  readonly why: string;
}

/** What is shortened so that a day fits into two minutes. */
const SHORTENED: readonly (readonly [name: string, value: string, why: string])[] = [
  ['STORM_WINDOW_SECONDS', '20', 'similar tickets count together for so long'],
  ['STORM_QUIET_SECONDS', '25', 'an incident without a new member goes quiet after so long'],
  ['LEASE_MS', '3000', "a dead worker's tickets come back after so long"],
  ['CIRCUIT_BREAKER_PROBE_MS', '250', 'an open breaker tries the model so often'],
];

/** What is set so that two workers, a gateway and Redis share a small machine. Not shortened, but not the default either. */
const OTHERS: readonly (readonly [name: string, value: string, why: string])[] = [
  ['INFERENCE_THREADS', '1', 'two workers share the cores of this machine'],
];

/** Every setting of the engine that differs from its default and changes what the report shows. */
export const CHANGED_SETTINGS: readonly ChangedSetting[] = [...SHORTENED, ...OTHERS].map(([name, value, why]) => ({
  name,
  value,
  standard: SETTINGS.find((setting) => setting.name === name)?.default ?? 'one per core',
  why,
}));

/** The same as environment variables. */
export const CHANGED_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  CHANGED_SETTINGS.map(({ name, value }) => [name, value]),
);

/** The rules of storms today, as the audits need them. */
export const STORM_RULES = {
  windowMs: 1000 * Number(CHANGED_ENVIRONMENT['STORM_WINDOW_SECONDS']),
  quietMs: 1000 * Number(CHANGED_ENVIRONMENT['STORM_QUIET_SECONDS']),
  /** Strictly more requesters than this open an incident: the engine's default. */
  ticketThreshold: Number(SETTINGS.find(({ name }) => name === 'STORM_TICKET_THRESHOLD')?.default),
} as const;
