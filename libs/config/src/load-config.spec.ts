import { type BrokerOptions, isSmartSupportError, type SmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { loadConfig } from './load-config';
import type { Environment } from './read-settings';
import { SETTINGS } from './settings-table';

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
      http: { port: 8000, host: '127.0.0.1' },
      broker: {
        queueMax: 1_000_000,
        ticketsKept: 100_000,
        leaseMs: 30_000,
        maxAttempts: 5,
        maxStalls: 10,
        deadLettersMax: 10_000,
        waitAgeingMs: 4 * 3_600_000,
      },
      alerts: { urgencyThreshold: 0.8 },
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
      drills: { allowed: false, file: undefined },
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
      QUEUE_MAX: '7',
      TICKETS_KEPT: '8',
      URGENCY_WEBHOOK_THRESHOLD: '0.55',
      WAIT_AGEING_HOURS: '0.5',
      AGENTS_FILE: '/etc/agents.json',
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
      ALLOW_FAULTS: '1',
      FAULTS_FILE: 'faults.json',
    });
    expect(config).toEqual({
      http: { port: 0, host: '::1' },
      broker: {
        queueMax: 7,
        ticketsKept: 8,
        leaseMs: 250,
        maxAttempts: 2,
        maxStalls: 0,
        deadLettersMax: 3,
        waitAgeingMs: 1_800_000,
      },
      alerts: { urgencyThreshold: 0.55 },
      models: {
        fallback: true,
        directory: '/models/mine',
        classifierDirectory: '/models/category',
        urgencyDirectory: '/models/urgency',
        threads: 3,
        deadlineMs: 900,
      },
      breaker: { latencyMs: 50, openCount: 2, fastMs: 20, closeCount: 4, probeMs: 100 },
      agents: { file: '/etc/agents.json' },
      drills: { allowed: true, file: 'faults.json' },
      log: { level: 'silent' },
    });
  });

  it('carries the options of a broker as a broker takes them', () => {
    const options: BrokerOptions = loadConfig({ LEASE_MS: '1000' }).broker;
    expect(options.leaseMs).toBe(1000);
  });

  it('is frozen all the way down', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config)).toBe(true);
    for (const group of Object.values(config)) expect(Object.isFrozen(group)).toBe(true);
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

  it('is also one that does not fit another setting', () => {
    const error = refusal({ CIRCUIT_BREAKER_FAST_MS: '600' });
    expect(error.issues).toEqual([
      { path: 'CIRCUIT_BREAKER_FAST_MS', message: '600 must not be above CIRCUIT_BREAKER_LATENCY_MS, which is 500' },
    ]);
    expect(loadConfig({ CIRCUIT_BREAKER_FAST_MS: '600', CIRCUIT_BREAKER_LATENCY_MS: '600' }).breaker.fastMs).toBe(600);
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
    ['QUEUE_MAX', ['0', '1.0', '9007199254740993', '1'.repeat(400)]],
    ['MAX_ATTEMPTS', ['0']],
    ['URGENCY_WEBHOOK_THRESHOLD', ['1.01', '-0.1', '.5', '1.', '0,8', 'NaN']],
    ['WAIT_AGEING_HOURS', ['8761', '4h', '1e999', '__proto__']],
    ['AGENTS_FILE', ['  ', 'a\0b', 'x'.repeat(4097)]],
    ['MODEL_FALLBACK', ['true', 'yes', '2', '01']],
    ['INFERENCE_THREADS', ['0', '257', 'auto']],
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
  );
  const environment = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

  it('is accepted within the ranges, or refused naming every wrong variable exactly once', () => {
    const doNotFit = (env: Environment, only?: string) => {
      const read = (name: string, standard: string) =>
        (only === undefined || only === name ? env[name] : '') || standard;
      const [fast, latency] = [read('CIRCUIT_BREAKER_FAST_MS', '200'), read('CIRCUIT_BREAKER_LATENCY_MS', '500')].map(
        (text) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN),
      );
      return Number(fast) > Number(latency);
    };
    const isWrongAlone = (env: Environment, name: string) => {
      try {
        loadConfig({ [name]: env[name] });
        return false;
      } catch (error) {
        return isSmartSupportError(error) && error.issues.some(({ path }) => path === name) && !doNotFit(env, name);
      }
    };
    fc.assert(
      fc.property(environment, (env) => {
        const wrong = names.filter((name) => isWrongAlone(env, name));
        if (wrong.length > 0) {
          expect(wrongNames(env).sort()).toEqual([...wrong].sort());
          return;
        }
        if (doNotFit(env)) {
          expect(wrongNames(env)).toEqual(['CIRCUIT_BREAKER_FAST_MS']);
          return;
        }
        const { http, broker, alerts } = loadConfig(env);
        expect(http.port).toBeGreaterThanOrEqual(0);
        expect(http.port).toBeLessThanOrEqual(65_535);
        expect(alerts.urgencyThreshold).toBeGreaterThanOrEqual(0);
        expect(alerts.urgencyThreshold).toBeLessThanOrEqual(1);
        for (const option of Object.values(broker)) expect(Number.isSafeInteger(option) && option >= 0).toBe(true);
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
