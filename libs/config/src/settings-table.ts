import { optionalSetting, setting, type SettingInfo, type ValuesOf } from './setting';
import { filePath, hostName, hoursAsMs, number, oneOf, wholeNumber } from './setting-kinds';

/** The levels of the log, most talkative first. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Every setting there is, in the place where its value lands. The type {@link Config}, the messages about wrong values
 * and `docs/configuration.md` all come from here, so that they cannot disagree.
 */
export const SETTINGS_TABLE = {
  http: {
    port: setting(wholeNumber(0, 65_535), {
      name: 'PORT',
      default: '8000',
      meaning: 'Port of the HTTP API; 0 picks a free one.',
    }),
    host: setting(hostName, {
      name: 'HOST',
      default: '127.0.0.1',
      meaning:
        'Address the HTTP API listens on; there is no authentication yet, so open it only to a network you trust.',
    }),
  },
  broker: {
    queueMax: setting(wholeNumber(1, 100_000_000), {
      name: 'QUEUE_MAX',
      default: '1000000',
      meaning: 'Most unfinished tickets; beyond it new ones are refused with 503.',
    }),
    ticketsKept: setting(wholeNumber(1, 100_000_000), {
      name: 'TICKETS_KEPT',
      default: '100000',
      meaning: 'Finished tickets kept for reading; the oldest make room.',
    }),
    leaseMs: setting(wholeNumber(100, 3_600_000), {
      name: 'LEASE_MS',
      default: '30000',
      meaning: 'Milliseconds for which a worker owns a ticket without a sign of life; then another may take it.',
    }),
    maxAttempts: setting(wholeNumber(1, 1000), {
      name: 'MAX_ATTEMPTS',
      default: '5',
      meaning: 'Attempts that may end in an error before a ticket goes to the dead letters.',
    }),
    maxStalls: setting(wholeNumber(0, 1000), {
      name: 'MAX_STALLS',
      default: '10',
      meaning: 'How often a ticket may lose its worker without an error; once more, and it goes to the dead letters.',
    }),
    deadLettersMax: setting(wholeNumber(1, 10_000_000), {
      name: 'DEAD_LETTERS_MAX',
      default: '10000',
      meaning: 'Dead letters kept; the oldest go.',
    }),
    waitAgeingMs: setting(hoursAsMs(0, 8760), {
      name: 'WAIT_AGEING_HOURS',
      default: '4',
      meaning:
        'Hours of waiting that outweigh one full point of urgency among tickets without an agent; 0 serves strictly in order of arrival.',
    }),
  },
  alerts: {
    urgencyThreshold: setting(number(0, 1), {
      name: 'URGENCY_WEBHOOK_THRESHOLD',
      default: '0.8',
      meaning: 'An urgency strictly above this raises an alert.',
    }),
  },
  agents: {
    file: optionalSetting(filePath, {
      name: 'AGENTS_FILE',
      meaning: 'JSON roster loaded where no agents exist yet; while unset, the invented demo roster.',
    }),
  },
  log: {
    level: setting(oneOf(LOG_LEVELS), {
      name: 'LOG_LEVEL',
      default: 'info',
      meaning: 'The least important log lines that are still written.',
    }),
  },
} as const;

/** What `loadConfig` returns: every setting's value, grouped by what it is about. Frozen all the way down. */
export type Config = ValuesOf<typeof SETTINGS_TABLE>;

/** Every setting in the order of the reference page: name, default, meaning and what is allowed. */
export const SETTINGS: readonly SettingInfo[] = Object.values(SETTINGS_TABLE)
  .flatMap((group) => Object.values(group))
  .map(({ name, default: standard, meaning, allowed, secret }) =>
    Object.freeze({ name, default: standard, meaning, allowed, secret }),
  );
