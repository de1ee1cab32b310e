import {
  type BrokerOptions,
  DEFAULT_BROKER_OPTIONS,
  isSmartSupportError,
  type SmartSupportError,
} from '@smart-support/contracts';
import * as fc from 'fast-check';
import { loadConfig } from './load-config';
import { type Environment, readSettings } from './read-settings';
import { SETTINGS, SETTINGS_TABLE } from './settings-table';

const SETTINGS_GROUPS = Object.keys(SETTINGS_TABLE).length;
const SIGNING = Buffer.alloc(32, 7).toString('base64');

function refusal(env: Environment): SmartSupportError {
  try {
    loadConfig(env);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

const wrongNames = (env: Environment) => refusal(env).issues.map(({ path }) => path);

describe('an environment without our settings', () => {
  it('gives the defaults that are documented', () => {
    expect(loadConfig({ PATH: '/bin', QUEUE: '5', Port: '1' })).toEqual({
      http: { port: 8000, host: '127.0.0.1', keepAliveMs: 65_000 },
      access: { keys: undefined, allowAnonymous: false, trustedProxies: undefined, corsOrigins: undefined },
      limits: { ticketsPerMinute: undefined, requestsPerMinute: undefined, requesterPerMinute: 60 },
      worker: { port: 8001, concurrency: undefined },
      mailbox: { port: 8002, folder: 'INBOX', pollMs: 60_000, gatewayUrl: 'http://127.0.0.1:8000' },
      redis: { url: undefined, waitReplicas: 0, keyPrefix: 'smart-support', queueKey: 'tickets' },
      broker: {
        queueMax: 1_000_000,
        duplicateMs: 10_000,
        ticketsKept: 100_000,
        retentionMs: 72 * 3_600_000,
        leaseMs: 30_000,
        maxAttempts: 5,
        maxStalls: 10,
        deadLettersMax: 10_000,
        waitAgeingMs: 4 * 3_600_000,
      },
      storm: {
        windowMs: 300_000,
        ticketThreshold: 10,
        similarity: 0.9,
        baselineSimilarity: 0.65,
        quietMs: 1_800_000,
        reopenMs: 86_400_000,
      },
      bursts: { mode: 'auto', falseAlarmsPerMonth: 1 },
      machines: {
        channels: [
          ...['alert', 'alerts', 'alerting', 'alertmanager', 'monitor', 'monitoring'],
          ...['grafana', 'nagios', 'prometheus', 'zabbix'],
        ],
        senders: [
          ...['alert@*', 'alerts@*', 'alerting@*', 'alertmanager@*', 'monitor@*', 'monitoring@*'],
          ...['grafana@*', 'nagios@*', 'zabbix@*'],
        ],
      },
      vouched: { channels: [], keys: [] },
      escapes: {
        novelSignals: [
          ...['exposure_misuse', 'exposure_leak', 'exposure_court', 'exposure_authority', 'exposure_lawyer'],
          ...['harm_danger', 'harm_vulnerable'],
        ],
        alwaysRoutedSignals: ['harm_danger', 'exposure_leak', 'exposure_court'],
      },
      alerts: { urgencyThreshold: 0.8 },
      hooks: { file: undefined },
      webhooks: {
        url: undefined,
        secret: undefined,
        endpointsFile: undefined,
        allowPrivate: [],
        disableAfterMs: 259_200_000,
      },
      models: {
        fallback: false,
        directory: undefined,
        classifierDirectory: undefined,
        urgencyDirectory: undefined,
        threads: undefined,
        deadlineMs: 2000,
      },
      breaker: { latencyMs: 500, openCount: 3, fastMs: 200, closeCount: 5, probeMs: 1000 },
      agents: { file: undefined },
      faultInjection: { allowed: false, file: undefined },
      log: { level: 'info' },
    });
  });

  it('treats an empty variable as unset', () => {
    const empty = Object.fromEntries(SETTINGS.map(({ name }) => [name, '']));
    expect(loadConfig(empty)).toEqual(loadConfig({}));
  });
});

describe('the configuration', () => {
  it('takes every setting from its variable', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '::1',
      API_KEYS: 'shop:ingest:0123456789abcdef, desk:agent:fedcba9876543210, shop.eu:operator:0123456789abcdeg',
      API_KEY_DOMAINS: 'shop=sales, desk=',
      RATE_LIMIT_TICKETS_PER_MINUTE: '300',
      RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
      RATE_LIMIT_REQUESTER_PER_MINUTE: '5',
      ALLOW_ANONYMOUS: '0',
      HTTP_KEEP_ALIVE_SECONDS: '620',
      TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,fd00::1',
      CORS_ORIGINS: 'https://desk.example.org, http://localhost:3000',
      DUPLICATE_SECONDS: '2.5',
      WORKER_PORT: '0',
      WORKER_CONCURRENCY: '9',
      MAILBOX_PORT: '0',
      MAILBOX_IMAP_URL: 'imaps://help%40example.org@imap.example.org:1993',
      MAILBOX_PASSWORD: 'correct horse, ä',
      MAILBOX_FOLDER: 'Support/Neue Mails',
      MAILBOX_TAKEN_FOLDER: 'Support/Taken',
      MAILBOX_POLL_SECONDS: '2.5',
      MAILBOX_GATEWAY_URL: 'https://support.example.org/api',
      MAILBOX_API_KEY: '0123456789abcdef',
      REDIS_URL: 'rediss://user:pass@redis.example:6380/2',
      REDIS_WAIT_REPLICAS: '2',
      REDIS_KEY_PREFIX: 'eu:support',
      REDIS_QUEUE_KEY: 'tickets.v2',
      QUEUE_MAX: '7',
      KEY_QUEUE_SHARE: '0.25',
      TICKETS_KEPT: '8',
      TICKET_RETENTION_HOURS: '0.5',
      URGENCY_WEBHOOK_THRESHOLD: '0.55',
      WEBHOOK_URL: 'https://example.org/hook?from=support',
      WEBHOOK_SECRET: `whsec_${SIGNING}`,
      WEBHOOKS_FILE: '/etc/webhooks.json',
      WEBHOOK_ALLOW_PRIVATE: '10.0.0.0/8, ::1/128',
      WEBHOOK_DISABLE_AFTER_HOURS: '1.5',
      WAIT_AGEING_HOURS: '0.5',
      STORM_WINDOW_SECONDS: '1.5',
      STORM_TICKET_THRESHOLD: '4',
      STORM_SIMILARITY: '0.85',
      STORM_BASELINE_SIMILARITY: '0.7',
      STORM_QUIET_SECONDS: '60',
      STORM_REOPEN_SECONDS: '7200',
      STORM_SUSPECTED: 'open',
      STORM_FALSE_ALARMS_PER_MONTH: '0.5',
      STORM_VOUCHED_CHANNELS: 'email, phone',
      STORM_VOUCHED_KEYS: 'shop, shop.eu',
      STORM_NOVEL_SIGNALS: 'harm_danger, exposure_leak',
      STORM_ALWAYS_ROUTED_SIGNALS: 'harm_danger',
      STORM_MACHINE_CHANNELS: 'pager, cron',
      STORM_MACHINE_SENDERS: 'robot-*@*.example.com, cron',
      AGENTS_FILE: '/etc/agents.json',
      HOOKS_FILE: '/etc/hooks.json',
      LEASE_MS: '250',
      MAX_ATTEMPTS: '2',
      MAX_STALLS: '0',
      DEAD_LETTERS_MAX: '3',
      LOG_LEVEL: 'silent',
      MODEL_FALLBACK: '1',
      MODEL_DIR: '/models/mine',
      CLASSIFIER_MODEL_DIR: '/models/category',
      URGENCY_MODEL_DIR: '/models/urgency',
      INFERENCE_THREADS: '3',
      INFERENCE_DEADLINE_MS: '900',
      CIRCUIT_BREAKER_LATENCY_MS: '50',
      CIRCUIT_BREAKER_OPEN_COUNT: '2',
      CIRCUIT_BREAKER_FAST_MS: '20',
      CIRCUIT_BREAKER_CLOSE_COUNT: '4',
      CIRCUIT_BREAKER_PROBE_MS: '100',
      ALLOW_FAULT_INJECTION: '1',
      FAULT_INJECTION_FILE: 'faults.json',
    });
    expect(config).toEqual({
      http: { port: 0, host: '::1', keepAliveMs: 620_000 },
      access: {
        keys: [
          { name: 'shop', role: 'ingest', secret: '0123456789abcdef' },
          { name: 'desk', role: 'agent', secret: 'fedcba9876543210' },
          { name: 'shop.eu', role: 'operator', secret: '0123456789abcdeg' },
        ],
        keyDomains: [
          { key: 'shop', domain: 'sales' },
          { key: 'desk', domain: '' },
        ],
        allowAnonymous: false,
        trustedProxies: ['loopback', '10.0.0.0/8', 'fd00::1'],
        corsOrigins: ['https://desk.example.org', 'http://localhost:3000'],
      },
      limits: { ticketsPerMinute: 300, requestsPerMinute: 0, requesterPerMinute: 5 },
      worker: { port: 0, concurrency: 9 },
      mailbox: {
        port: 0,
        imapUrl: 'imaps://help%40example.org@imap.example.org:1993',
        password: 'correct horse, ä',
        folder: 'Support/Neue Mails',
        takenFolder: 'Support/Taken',
        pollMs: 2500,
        gatewayUrl: 'https://support.example.org/api',
        apiKey: '0123456789abcdef',
      },
      redis: {
        url: 'rediss://user:pass@redis.example:6380/2',
        waitReplicas: 2,
        keyPrefix: 'eu:support',
        queueKey: 'tickets.v2',
      },
      broker: {
        queueMax: 7,
        keyQueueShare: 0.25,
        duplicateMs: 2500,
        ticketsKept: 8,
        retentionMs: 1_800_000,
        leaseMs: 250,
        maxAttempts: 2,
        maxStalls: 0,
        deadLettersMax: 3,
        waitAgeingMs: 1_800_000,
      },
      storm: {
        windowMs: 1500,
        ticketThreshold: 4,
        similarity: 0.85,
        baselineSimilarity: 0.7,
        quietMs: 60_000,
        reopenMs: 7_200_000,
      },
      bursts: { mode: 'open', falseAlarmsPerMonth: 0.5 },
      machines: { channels: ['pager', 'cron'], senders: ['robot-*@*.example.com', 'cron'] },
      vouched: { channels: ['email', 'phone'], keys: ['shop', 'shop.eu'] },
      escapes: { novelSignals: ['harm_danger', 'exposure_leak'], alwaysRoutedSignals: ['harm_danger'] },
      alerts: { urgencyThreshold: 0.55 },
      webhooks: {
        url: 'https://example.org/hook?from=support',
        secret: `whsec_${SIGNING}`,
        endpointsFile: '/etc/webhooks.json',
        allowPrivate: ['10.0.0.0/8', '::1/128'],
        disableAfterMs: 5_400_000,
      },
      models: {
        fallback: true,
        directory: '/models/mine',
        classifierDirectory: '/models/category',
        urgencyDirectory: '/models/urgency',
        threads: 3,
        deadlineMs: 900,
      },
      breaker: { latencyMs: 50, openCount: 2, fastMs: 20, closeCount: 4, probeMs: 100 },
      hooks: { file: '/etc/hooks.json' },
      agents: { file: '/etc/agents.json' },
      faultInjection: { allowed: true, file: 'faults.json' },
      log: { level: 'silent' },
    });
  });

  it('carries the options of a broker as a broker takes them', () => {
    const { broker: queue, ...config } = loadConfig({ LEASE_MS: '1000' });
    const options: BrokerOptions = { ...queue, storm: config.storm, bursts: config.bursts };
    expect(options.leaseMs).toBe(1000);
    const { broker, storm, bursts } = loadConfig({});
    expect({ ...broker, storm, bursts }).toEqual(DEFAULT_BROKER_OPTIONS);
  });

  it('is frozen all the way down', () => {
    const expectFrozen = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      Object.values(value).forEach(expectFrozen);
    };
    expectFrozen(loadConfig({ API_KEYS: 'shop:ingest:0123456789abcdef' }));
    expect.assertions(SETTINGS_GROUPS + 10);
  });
});

describe('a wrong value', () => {
  it('is reported with its name, what it was and what is allowed, all of them at once', () => {
    const error = refusal({ PORT: '12abc', LOG_LEVEL: 'loud', LEASE_MS: '1', HOST: '0.0.0.0' });
    expect(error.issues).toEqual([
      { path: 'PORT', message: '"12abc" must be a whole number from 0 to 65535' },
      { path: 'LEASE_MS', message: '"1" must be a whole number from 100 to 3600000' },
      { path: 'LOG_LEVEL', message: '"loud" must be one of trace, debug, info, warn, error, fatal, silent' },
    ]);
    for (const { path, message } of error.issues) expect(error.message).toContain(`${path}: ${message}`);
  });

  it('cannot smuggle line breaks into the message or flood it', () => {
    const { message } = refusal({ PORT: `8000\n[31m${'9'.repeat(100_000)}`, LOG_LEVEL: '\uD800' });
    expect(message).not.toContain('\n');
    expect(message.isWellFormed()).toBe(true);
    expect(message.length).toBeLessThan(400);
  });

  it.each([
    ['PORT', ['12abc', 'NaN', '-1', '65536', '1.5', '1e3', '0x50', '+80', '080', ' 80', '80\n', '٨٠', 'Infinity']],
    ['HOST', ['a b', 'http://x', 'höst', '-\n', 'h'.repeat(254)]],
    ['WORKER_PORT', ['-1', '65536', 'any']],
    ['WORKER_CONCURRENCY', ['0', '1025', '1.5']],
    ['MAILBOX_PORT', ['-1', '65536', 'any']],
    [
      'MAILBOX_IMAP_URL',
      [
        ...[
          'imap.example.org',
          'imaps://imap.example.org',
          'imaps://me:secret@imap.example.org',
          'https://me@a.example',
        ],
        ...[
          'imaps://me@a.example/INBOX',
          'imaps://me@a.example?x',
          'imaps://me@a.example:99999',
          'imaps://%zz@a.example',
        ],
        ...['imaps://me@@a.example', 'imaps://me@', 'imaps://me@a b'],
      ],
    ],
    ['MAILBOX_PASSWORD', ['a\nb', '\0', 'x'.repeat(1025)]],
    ['MAILBOX_FOLDER', ['a\nb', 'x'.repeat(256)]],
    ['MAILBOX_TAKEN_FOLDER', ['a\nb', 'x'.repeat(256)]],
    ['MAILBOX_POLL_SECONDS', ['0', '3601', '1m']],
    [
      'MAILBOX_GATEWAY_URL',
      ['ftp://a', 'gateway:8000', 'http://user:pass@a', 'http://a?b', 'https://a#b', 'http://a:99999'],
    ],
    ['MAILBOX_API_KEY', ['short', 'with,comma-with,comma', 'a b c d e f g h i']],
    ['REDIS_KEY_PREFIX', ['{a}', 'a b', 'ä', 'a/b', 'k'.repeat(65), 'a\n']],
    ['REDIS_QUEUE_KEY', ['{a}', 'a b', 'ä', 'a/b', 'k'.repeat(65), 'a\n']],
    ['TICKET_RETENTION_HOURS', ['0', '0.0001', '8761', '3d']],
    ['ALLOW_ANONYMOUS', ['true', 'yes', '2', '01']],
    ['HTTP_KEEP_ALIVE_SECONDS', ['0', '0.5', '3601', '65s']],
    ['DUPLICATE_SECONDS', ['-1', '86401', '10s', 'off']],
    [
      'TRUSTED_PROXIES',
      [
        ...[
          'true',
          '*',
          'proxy',
          '10.0.0',
          '10.0.0.0/0',
          '10.0.0.0/33',
          '10.0.0.0/08',
          '10.0.0.0/8/8',
          '::/0',
          '::1/129',
        ],
        ...['10.0.0.1,', ',', 'fe80::1%eth0', '10.0.0.1 10.0.0.2', 'Loopback', '10.0.0.0/', '::ffff:10.0.0.0/0x8'],
      ],
    ],
    [
      'CORS_ORIGINS',
      [
        ...[
          'null',
          'https://desk.example.org/',
          'https://desk.example.org/desk',
          'HTTPS://desk.example.org',
          'desk.example.org',
        ],
        ...[
          'https://desk.example.org:443',
          'https://*.example.org',
          '*,https://a.example',
          'https://a.example,',
          'file://a',
        ],
        ...['https://user:secret@a.example', 'https://a.example?b', 'javascript:alert(1)', 'https://a.example\r\nX: y'],
      ],
    ],
    ['QUEUE_MAX', ['0', '1.0', '9007199254740993', '1'.repeat(400)]],
    ['MAX_ATTEMPTS', ['0']],
    ['URGENCY_WEBHOOK_THRESHOLD', ['1.01', '-0.1', '.5', '1.', '0,8', 'NaN']],
    ['WAIT_AGEING_HOURS', ['8761', '4h', '1e999', '__proto__']],
    ['HOOKS_FILE', ['  ', 'a\0b', 'x'.repeat(4097)]],
    ['WEBHOOKS_FILE', ['  ', 'a\0b', 'x'.repeat(4097)]],
    [
      'WEBHOOK_ALLOW_PRIVATE',
      [
        '10.0.0.1',
        '10.0.0.0/33',
        '0.0.0.0/0',
        '::/0',
        '10.0.0.0/8,',
        'loopback',
        '127.1/8',
        'fe80::%eth0/10',
        '*',
        ' ',
      ],
    ],
    ['WEBHOOK_DISABLE_AFTER_HOURS', ['-1', '8761', '72h']],
    ['AGENTS_FILE', ['  ', 'a\0b', 'x'.repeat(4097)]],
    ['MODEL_FALLBACK', ['true', 'yes', '2', '01']],
    ['INFERENCE_THREADS', ['0', '257', 'auto']],
    ['STORM_WINDOW_SECONDS', ['0', '0.5', '86401', '5m']],
    ['STORM_TICKET_THRESHOLD', ['0', '10.5', '10001']],
    ['STORM_SIMILARITY', ['1.1', '-0.1', '90%']],
    ['STORM_SUSPECTED', ['Report', '1', 'on']],
    ['STORM_FALSE_ALARMS_PER_MONTH', ['0', '1001']],
    ['STORM_VOUCHED_CHANNELS', ['email,', 'e mail', 'ä']],
    ['STORM_VOUCHED_KEYS', ['mailer,', ';']],
    ['STORM_NOVEL_SIGNALS', ['harm,', ',', 'harm;leak', 'a b', 'ä']],
    ['STORM_ALWAYS_ROUTED_SIGNALS', ['harm,', ',', 'harm;leak', 'a b', 'ä']],
    ['STORM_MACHINE_CHANNELS', ['pager,', 'a b', 'x*']],
    ['STORM_MACHINE_SENDERS', ['*@x,', ',', 'a b', '*@x;\u0000', 'a\u200bb']],
    ['LOG_LEVEL', ['INFO', 'info ', 'constructor', '30']],
  ])('of %s is never accepted', (name, values) => {
    for (const value of values) expect(wrongNames({ [name]: value })).toEqual([name]);
  });
});

describe('whatever the environment', () => {
  const names = SETTINGS.map(({ name }) => name);
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.integer().map(String),
    fc.double().map(String),
    fc.constantFrom('', undefined, '1', '0.5', '500', 'info', 'localhost', '__proto__'),
    fc.constantFrom('redis://localhost', 'https://example.org', SIGNING, 'shop:ingest:0123456789abcdef'),
  );
  const environment = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

  /** The rules that look at several settings, written once more and in another way. */
  const clashes = (env: Environment): string[] => {
    const number = (name: string, standard: number) => Number(env[name] || standard);
    const [keys, anonymous] = [Boolean(env['API_KEYS']), env['ALLOW_ANONYMOUS'] === '1'];
    const clash = {
      CIRCUIT_BREAKER_FAST_MS: number('CIRCUIT_BREAKER_FAST_MS', 200) > number('CIRCUIT_BREAKER_LATENCY_MS', 500),
      WEBHOOK_SECRET: Boolean(env['WEBHOOK_SECRET']) && !env['WEBHOOK_URL'],
      ALLOW_ANONYMOUS: keys && anonymous,
      HOST: !keys && !anonymous && Boolean(env['HOST']) && env['HOST'] !== 'localhost',
    };
    return Object.entries(clash).flatMap(([name, wrong]) => (wrong ? [name] : []));
  };

  const isWrongAlone = (env: Environment, name: string) => {
    try {
      readSettings(SETTINGS_TABLE, { [name]: env[name] });
      return false;
    } catch (error) {
      return isSmartSupportError(error, 'invalid_config');
    }
  };

  it('is accepted within the ranges, or refused naming every wrong variable exactly once', () => {
    fc.assert(
      fc.property(environment, (env) => {
        const wrong = names.filter((name) => isWrongAlone(env, name));
        const expected = wrong.length > 0 ? wrong : clashes(env);
        if (expected.length > 0) {
          expect(wrongNames(env).sort()).toEqual([...expected].sort());
          return;
        }
        const { http, broker, alerts } = loadConfig(env);
        expect(http.port).toBeGreaterThanOrEqual(0);
        expect(http.port).toBeLessThanOrEqual(65_535);
        expect(alerts.urgencyThreshold).toBeGreaterThanOrEqual(0);
        expect(alerts.urgencyThreshold).toBeLessThanOrEqual(1);
        for (const option of Object.values(broker))
          expect(option === undefined || (Number.isSafeInteger(option) && option >= 0)).toBe(true);
        expect(Math.min(broker.queueMax, broker.ticketsKept, broker.maxAttempts)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts every number within a range and no number outside it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -70_000, max: 140_000 }), (port) => {
        const allowed = port >= 0 && port <= 65_535;
        const env = { PORT: String(port) };
        if (allowed) expect(loadConfig(env).http.port).toBe(port);
        else expect(wrongNames(env)).toEqual(['PORT']);
      }),
    );
  });
});
