import { DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import { redisAddress, webAddress } from './addresses';
import { apiKeys } from './api-keys';
import { keyDomains } from './key-domains';
import { MAILBOX_SETTINGS } from './mailbox-settings';
import { networks, origins, proxyAddresses } from './proxies-and-origins';
import { type Setting, type SettingInfo, type ValuesOf, optionalSetting, setting } from './setting';
import {
  filePath,
  hostName,
  hoursAsMs,
  keyName,
  number,
  oneOf,
  portNumber,
  secondsAsMs,
  wholeNumber,
  yesOrNo,
} from './setting-kinds';
import { STORM_SETTINGS } from './storm-settings';
import { webhookSecret } from './webhook-secret';

const MS_PER_HOUR = 60 * 60 * 1000;

/** The levels of the log, most talkative first. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/**
 * Every setting there is, in the place where its value lands. The type {@link Config}, the messages about wrong values
 * and `docs/configuration.md` all come from here, so that they cannot disagree.
 */
export const SETTINGS_TABLE = {
  http: {
    port: setting(portNumber, {
      name: 'PORT',
      readBy: 'gateway',
      default: '8000',
      meaning: 'Port of the HTTP API; 0 picks a free one.',
    }),
    host: setting(hostName, {
      name: 'HOST',
      readBy: 'all',
      default: '127.0.0.1',
      meaning: 'Address the HTTP API listens on; one that others can reach needs API_KEYS, or ALLOW_ANONYMOUS=1.',
    }),
    keepAliveMs: setting(secondsAsMs(1, 3600), {
      name: 'HTTP_KEEP_ALIVE_SECONDS',
      readBy: 'all',
      default: '65',
      meaning:
        'Seconds for which an idle connection is kept open; more than a load balancer in front keeps it, or it sends requests into connections that are just being closed.',
    }),
  },
  access: {
    keys: optionalSetting(apiKeys, {
      name: 'API_KEYS',
      readBy: 'all',
      meaning:
        'Keys of the HTTP API and what each may do (see operations), and of the metrics of workers and mailboxes; while unset, every caller that reaches the port may do everything.',
      secret: true,
    }),
    keyDomains: optionalSetting(keyDomains, {
      name: 'API_KEY_DOMAINS',
      readBy: 'gateway',
      meaning:
        'Trust domains of keys (see operations): tickets, ids and Idempotency-Keys of one domain are neither seen nor blocked by keys with role ingest of another; a key that is left out has a domain of its own, under its name.',
    }),
    allowAnonymous: setting(yesOrNo, {
      name: 'ALLOW_ANONYMOUS',
      readBy: 'gateway',
      default: '0',
      meaning:
        'Allows every caller that reaches the port to do everything, which a HOST that others can reach needs in place of API_KEYS; refused beside them.',
    }),
    trustedProxies: optionalSetting(proxyAddresses, {
      name: 'TRUSTED_PROXIES',
      readBy: 'gateway',
      meaning:
        "Proxies whose `X-Forwarded-For` is believed, so that the log and, without keys, rate limits go by the client's address and not by theirs; while unset, it is ignored.",
    }),
    corsOrigins: optionalSetting(origins, {
      name: 'CORS_ORIGINS',
      readBy: 'gateway',
      meaning:
        'Origins whose web pages may call the API from a browser, with a key where one is needed; while unset, none may.',
    }),
  },
  limits: {
    ticketsPerMinute: optionalSetting(wholeNumber(0, 1_000_000_000), {
      name: 'RATE_LIMIT_TICKETS_PER_MINUTE',
      readBy: 'gateway',
      meaning:
        'Most tickets a minute of one key, or without keys of one client address; more are refused with 429; 0 sets no limit; while unset, 6000 where API_KEYS is set, and none elsewhere.',
    }),
    requestsPerMinute: optionalSetting(wholeNumber(0, 1_000_000_000), {
      name: 'RATE_LIMIT_REQUESTS_PER_MINUTE',
      readBy: 'gateway',
      meaning: 'The same for all other calls but livez, readyz, health and metrics.',
    }),
    requesterPerMinute: setting(wholeNumber(0, 1_000_000_000), {
      name: 'RATE_LIMIT_REQUESTER_PER_MINUTE',
      readBy: 'gateway',
      default: '60',
      meaning:
        'Most tickets a minute of one requester, within one trust domain of keys; more are refused with 429; tickets of programs and those without a requester do not count; 0 sets no limit.',
    }),
  },
  worker: {
    port: setting(portNumber, {
      name: 'WORKER_PORT',
      readBy: 'worker',
      default: '8001',
      meaning: "Port of a worker's own livez, readyz and metrics; 0 picks a free one.",
    }),
    concurrency: optionalSetting(wholeNumber(1, 1024), {
      name: 'WORKER_CONCURRENCY',
      readBy: 'worker',
      meaning: 'Tickets that a worker has in work at once; while unset, one more than INFERENCE_THREADS.',
    }),
  },
  mailbox: MAILBOX_SETTINGS,
  redis: {
    url: optionalSetting(redisAddress, {
      name: 'REDIS_URL',
      meaning:
        'Redis that gateway and workers share: one server, a master behind sentinels, or a cluster; while unset, the gateway routes every ticket itself and keeps it in its memory.',
      secret: true,
    }),
    waitReplicas: setting(wholeNumber(0, 10), {
      name: 'REDIS_WAIT_REPLICAS',
      default: '0',
      meaning:
        'Replicas that must have a write before its answer or event leaves, so that a failover does not lose it; where they do not confirm it in time, the answer is 503 as for an unknown outcome, and 0 waits for none.',
    }),
    keyPrefix: setting(keyName, {
      name: 'REDIS_KEY_PREFIX',
      default: 'smart-support',
      meaning:
        'Name of the routing domain, in front of every key in Redis; domains with different names share a Redis and nothing else.',
    }),
    queueKey: setting(keyName, {
      name: 'REDIS_QUEUE_KEY',
      default: 'tickets',
      meaning: 'Name of the queue within the routing domain; gateway and workers must agree on it.',
    }),
  },
  broker: {
    queueMax: setting(wholeNumber(1, 100_000_000), {
      name: 'QUEUE_MAX',
      readBy: 'gateway',
      default: String(DEFAULT_BROKER_OPTIONS.queueMax),
      meaning: 'Most unfinished tickets; beyond it new ones are refused with 503.',
    }),
    keyQueueShare: optionalSetting(number(0.001, 1), {
      name: 'KEY_QUEUE_SHARE',
      readBy: 'gateway',
      meaning:
        'Which part of QUEUE_MAX, and of MEMORY_MAX_BYTES or REDIS_MAX_BYTES, the unfinished tickets of one trust domain may fill, however many keys it has; beyond it new ones of that domain are refused with 503; while unset, half if keys or webhooks of more than one domain may send tickets (keys with role ingest or operator), else all.',
    }),
    memoryMaxBytes: optionalSetting(wholeNumber(1_048_576, Number.MAX_SAFE_INTEGER), {
      name: 'MEMORY_MAX_BYTES',
      readBy: 'gateway',
      meaning:
        'Most bytes of tickets, dead letters and events in memory, without Redis; beyond it completed tickets are dropped, and then new ones are refused with 503; while unset, half of the heap that the process may have.',
    }),
    redisMaxBytes: optionalSetting(wholeNumber(1_048_576, Number.MAX_SAFE_INTEGER), {
      name: 'REDIS_MAX_BYTES',
      readBy: 'gateway',
      meaning:
        'Most bytes that Redis may use in all, by its own used_memory, when a new ticket comes; beyond it new ones are refused with 503; while unset, four fifths of its maxmemory, and no bound where it has none.',
    }),
    duplicateMs: setting(secondsAsMs(0, 86_400), {
      name: 'DUPLICATE_SECONDS',
      readBy: 'gateway',
      default: String(DEFAULT_BROKER_OPTIONS.duplicateMs / 1000),
      meaning:
        'A ticket without id and Idempotency-Key that says the same as one of the same requester from so many seconds before, as after a double click, is no ticket of its own; 0 switches this off.',
    }),
    ticketsKept: setting(wholeNumber(1, 100_000_000), {
      name: 'TICKETS_KEPT',
      readBy: 'gateway',
      default: String(DEFAULT_BROKER_OPTIONS.ticketsKept),
      meaning:
        'Completed tickets kept for reading in memory, without Redis; the oldest are dropped, together with their ids and idempotency keys.',
    }),
    retentionMs: setting(hoursAsMs(0.001, 8760), {
      name: 'TICKET_RETENTION_HOURS',
      default: String(DEFAULT_BROKER_OPTIONS.retentionMs / MS_PER_HOUR),
      meaning: 'Hours for which Redis keeps a completed ticket, and with it what is known of its id.',
    }),
    leaseMs: setting(wholeNumber(100, 3_600_000), {
      name: 'LEASE_MS',
      default: String(DEFAULT_BROKER_OPTIONS.leaseMs),
      meaning:
        'Milliseconds for which a worker owns a ticket without a sign of life; then another may take it; leases are renewed at a third of it, so a slow model does not matter, but a whole process must never pause for so long.',
    }),
    maxAttempts: setting(wholeNumber(1, 1000), {
      name: 'MAX_ATTEMPTS',
      default: String(DEFAULT_BROKER_OPTIONS.maxAttempts),
      meaning: 'Attempts that may end in an error before a ticket goes to the dead letters.',
    }),
    maxStalls: setting(wholeNumber(0, 1000), {
      name: 'MAX_STALLS',
      default: String(DEFAULT_BROKER_OPTIONS.maxStalls),
      meaning: 'How often a ticket may lose its worker without an error; once more, and it goes to the dead letters.',
    }),
    deadLettersMax: setting(wholeNumber(1, 10_000_000), {
      name: 'DEAD_LETTERS_MAX',
      default: String(DEFAULT_BROKER_OPTIONS.deadLettersMax),
      meaning: 'Dead letters kept; beyond it the oldest are lost, with a line in the log.',
    }),
    waitAgeingMs: setting(hoursAsMs(0, 8760), {
      name: 'WAIT_AGEING_HOURS',
      default: String(DEFAULT_BROKER_OPTIONS.waitAgeingMs / MS_PER_HOUR),
      meaning:
        'Hours of waiting that outweigh one full point of urgency among tickets without an agent; 0 serves strictly in order of arrival.',
    }),
  },
  ...STORM_SETTINGS,
  alerts: {
    urgencyThreshold: setting(number(0, 1), {
      name: 'URGENCY_WEBHOOK_THRESHOLD',
      default: '0.8',
      meaning:
        'An urgency strictly above this raises an alert: a log line of level warn, counted in `smart_support_alerts_total`, and a webhook where there is a receiver (WEBHOOK_URL, WEBHOOKS_FILE).',
    }),
  },
  hooks: {
    file: optionalSetting(filePath, {
      name: 'HOOKS_FILE',
      readBy: 'gateway',
      meaning:
        'JSON file that says which webhooks of other products `POST /hooks/<source>` takes, how they are checked and where a ticket stands in them (see docs/connect), loaded at the start; while unset, none are taken.',
    }),
  },
  webhooks: {
    url: optionalSetting(webAddress, {
      name: 'WEBHOOK_URL',
      meaning: 'Where alerts are posted; while unset, they are counted and logged only.',
      secret: true,
    }),
    secret: optionalSetting(webhookSecret, {
      name: 'WEBHOOK_SECRET',
      meaning:
        'Signs what is posted to WEBHOOK_URL, so that the receiver knows whom it comes from; while unset, nothing is signed.',
      secret: true,
    }),
    endpointsFile: optionalSetting(filePath, {
      name: 'WEBHOOKS_FILE',
      meaning:
        'JSON file of endpoints to which events are posted besides WEBHOOK_URL, with types, filter and secrets for each (see docs/webhooks), loaded at the start; while unset, there are none.',
    }),
    allowPrivate: setting(networks, {
      name: 'WEBHOOK_ALLOW_PRIVATE',
      default: '',
      meaning:
        'Networks that are not public and that endpoints may be in all the same; the host of WEBHOOK_URL is always allowed for that URL; empty for none.',
    }),
    disableAfterMs: setting(hoursAsMs(0, 8760), {
      name: 'WEBHOOK_DISABLE_AFTER_HOURS',
      default: '72',
      meaning: 'Hours for which an endpoint may fail without one success before it is switched off; 0 for ever.',
    }),
  },
  models: {
    fallback: setting(yesOrNo, {
      name: 'MODEL_FALLBACK',
      default: '0',
      meaning:
        "The operator's switch: 1 loads no transformer, the light baseline answers everything and tickets are marked as degraded.",
    }),
    directory: optionalSetting(filePath, {
      name: 'MODEL_DIR',
      meaning:
        'Directory of the embedding model, in the Hugging Face layout; while unset, the bundled all-MiniLM-L6-v2, which the heads are trained for (another one needs heads of its own, see operations).',
    }),
    classifierDirectory: optionalSetting(filePath, {
      name: 'CLASSIFIER_MODEL_DIR',
      meaning:
        'Directory of a sequence classifier of your own (DistilBERT, say) with the labels Billing, Technical and Legal; it answers in place of the category head.',
    }),
    urgencyDirectory: optionalSetting(filePath, {
      name: 'URGENCY_MODEL_DIR',
      meaning:
        'Directory of an NLI model of your own (BART-MNLI, say), asked whether the ticket is urgent; it answers in place of the urgency head.',
    }),
    threads: optionalSetting(wholeNumber(1, 256), {
      name: 'INFERENCE_THREADS',
      meaning: 'Threads for each model, each with a copy of it; while unset, one per processor core.',
    }),
    deadlineMs: setting(wholeNumber(1, 600_000), {
      name: 'INFERENCE_DEADLINE_MS',
      default: '2000',
      meaning: 'Milliseconds after which a ticket gets the answer of the baseline if the model has not answered.',
    }),
  },
  breaker: {
    latencyMs: setting(wholeNumber(1, 600_000), {
      name: 'CIRCUIT_BREAKER_LATENCY_MS',
      default: '500',
      meaning: 'A model run longer than this many milliseconds is slow; so is one that fails.',
    }),
    openCount: setting(wholeNumber(1, 10_000), {
      name: 'CIRCUIT_BREAKER_OPEN_COUNT',
      default: '3',
      meaning: 'Slow runs in a row after which the circuit breaker of that model opens and the baseline answers.',
    }),
    fastMs: setting(wholeNumber(1, 600_000), {
      name: 'CIRCUIT_BREAKER_FAST_MS',
      default: '200',
      meaning: 'A model run shorter than this many milliseconds is fast; not above CIRCUIT_BREAKER_LATENCY_MS.',
    }),
    closeCount: setting(wholeNumber(1, 10_000), {
      name: 'CIRCUIT_BREAKER_CLOSE_COUNT',
      default: '5',
      meaning: 'Fast runs in a row, in the shadow, after which an open breaker closes and the model answers again.',
    }),
    probeMs: setting(wholeNumber(1, 600_000), {
      name: 'CIRCUIT_BREAKER_PROBE_MS',
      default: '1000',
      meaning: 'While the breaker is open, one run at most in so many milliseconds tries the model in the shadow.',
    }),
  },
  agents: {
    file: optionalSetting(filePath, {
      name: 'AGENTS_FILE',
      meaning:
        'JSON roster (see operations) loaded at the start, a relative path from the working directory; while unset, the invented demo roster.',
    }),
  },
  faultInjection: {
    allowed: setting(yesOrNo, {
      name: 'ALLOW_FAULT_INJECTION',
      default: '0',
      meaning: 'Whether FAULT_INJECTION_FILE is honoured; without it the file is not even read.',
    }),
    file: optionalSetting(filePath, {
      name: 'FAULT_INJECTION_FILE',
      meaning:
        'JSON file of injected faults (see operations), read again every second so that an operator can inject faults into a running system.',
    }),
  },
  log: {
    level: setting(oneOf(LOG_LEVELS), {
      name: 'LOG_LEVEL',
      readBy: 'all',
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
  .map(({ name, default: standard, meaning, allowed, secret, readBy }: Setting<unknown>) =>
    Object.freeze({ name, default: standard, meaning, allowed, secret, ...(readBy && { readBy }) }),
  );
