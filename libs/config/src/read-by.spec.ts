import { loadConfig } from './load-config';
import { SETTINGS } from './settings-table';

describe('what Kubernetes injects for a Service', () => {
  const injected = {
    WORKER_PORT: 'tcp://10.96.14.7:8001',
    WORKER_PORT_8001_TCP: 'tcp://10.96.14.7:8001',
    WORKER_PORT_8001_TCP_ADDR: '10.96.14.7',
    WORKER_PORT_8001_TCP_PORT: '8001',
    WORKER_PORT_8001_TCP_PROTO: 'tcp',
    WORKER_SERVICE_HOST: '10.96.14.7',
    WORKER_SERVICE_PORT: '8001',
    GATEWAY_PORT: 'tcp://10.96.14.8:8000',
    REDIS_PORT: 'tcp://10.96.14.9:6379',
    REDIS_SERVICE_HOST: '10.96.14.9',
  };

  it('changes nothing and stops no process, and is reported where it was ignored', () => {
    for (const process of ['gateway', 'worker', undefined] as const) {
      const names: string[] = [];
      const onIgnored = (name: string): void => void names.push(name);
      expect(loadConfig(injected, process ? { process, onIgnored } : { onIgnored })).toEqual(loadConfig({}));
      expect(names).toEqual(process === 'gateway' ? [] : ['WORKER_PORT']);
    }
  });

  it.each(['tcp://10.0.0.1:8001', 'udp://10.0.0.1:8001', 'sctp://[fd00::1]:8001'])(
    'in the form of %s counts as unset in every setting of which the name may be that of a Service',
    (value) => {
      const ports = SETTINGS.map(({ name }) => name).filter((name) => /(?:^|_)PORT$/.test(name));
      expect(ports).toEqual(['PORT', 'WORKER_PORT', 'MAILBOX_PORT']);
      for (const name of ports) expect(loadConfig({ [name]: value })).toEqual(loadConfig({}));
    },
  );

  it('is the name of no other setting', () => {
    for (const { name } of SETTINGS) expect(name).not.toMatch(/_SERVICE_(?:HOST|PORT)|_PORT_/);
  });

  it.each(['http://10.0.0.1:8001', 'tcp:8001', 'TCP://10.0.0.1:8001'])(
    'in another form (%s) is a wrong value',
    (value) => {
      expect(() => loadConfig({ WORKER_PORT: value })).toThrow('WORKER_PORT');
    },
  );
});

describe('a process', () => {
  const mailboxOnly = SETTINGS.map(({ name }) => name).filter((name) => name.startsWith('MAILBOX_'));
  const others: Record<'gateway' | 'worker' | 'mailbox', readonly string[]> = {
    gateway: ['WORKER_PORT', 'WORKER_CONCURRENCY', ...mailboxOnly],
    worker: [
      'PORT',
      'API_KEY_DOMAINS',
      'ALLOW_ANONYMOUS',
      'TRUSTED_PROXIES',
      'CORS_ORIGINS',
      'RATE_LIMIT_TICKETS_PER_MINUTE',
      'RATE_LIMIT_REQUESTS_PER_MINUTE',
      'RATE_LIMIT_REQUESTER_PER_MINUTE',
      'QUEUE_MAX',
      'KEY_QUEUE_SHARE',
      'HOOKS_FILE',
      'DUPLICATE_SECONDS',
      'MEMORY_MAX_BYTES',
      'REDIS_MAX_BYTES',
      'TICKETS_KEPT',
      ...mailboxOnly,
    ],
    mailbox: SETTINGS.map(({ name }) => name).filter(
      (name) => !['HOST', 'HTTP_KEEP_ALIVE_SECONDS', 'API_KEYS', 'LOG_LEVEL', ...mailboxOnly].includes(name),
    ),
  };

  it.each(['gateway', 'worker', 'mailbox'] as const)('of a %s does not read what it does not use', (process) => {
    const env = Object.fromEntries(others[process].map((name) => [name, 'wrong']));
    expect(loadConfig(env, { process })).toEqual(loadConfig({}));
  });

  it.each(['gateway', 'worker', 'mailbox'] as const)('of a %s reads everything else', (process) => {
    const names = SETTINGS.map(({ name }) => name).filter((name) => !others[process].includes(name));
    for (const name of names) {
      const read = () => loadConfig({ [name]: '\0' }, { process });
      expect(read).toThrow(name);
    }
  });
});
