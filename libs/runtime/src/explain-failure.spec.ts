import { type AddressInfo, createServer } from 'node:net';
import { SmartSupportError } from '@smart-support/contracts';
import { explainFailure } from './explain-failure';

/** Node's error when a process cannot listen there. */
const listenError = (port: number, host: string): Promise<unknown> =>
  new Promise((resolve) => createServer().once('error', resolve).listen(port, host));

describe('the explanation of a failed start', () => {
  it('is the sentence of our own error, without a stack', () => {
    expect(explainFailure(new SmartSupportError('invalid_config', 'LEASE_MS is no number.'), 'PORT')).toBe(
      'LEASE_MS is no number.',
    );
  });

  it('of a taken port is which one, and which setting changes it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await listenError(port, '127.0.0.1');
    await new Promise((resolve) => other.close(resolve));
    expect(explainFailure(error, 'WORKER_PORT')).toBe(
      `Cannot listen on 127.0.0.1:${port}: the port is taken. Set WORKER_PORT or HOST to change it.`,
    );
  });

  it('of an unknown host, and of an address of another machine, is one line', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), { syscall: 'getaddrinfo' });
    expect(explainFailure(unknown, 'PORT')).toMatch(/^Cannot listen: the name in HOST is not known here[^\n]*$/);
    expect(explainFailure(await listenError(8000, '192.0.2.1'), 'PORT')).toMatch(
      /^Cannot listen on 192\.0\.2\.1:8000: this machine does not have that address\.[^\n]*$/,
    );
  });

  it('of a fault of ours is where it happened', () => {
    const fault = new TypeError('x is not a function');
    expect(explainFailure(fault, 'PORT')).toBe(fault.stack);
    expect(explainFailure('thrown by somebody careless', 'PORT')).toBe('thrown by somebody careless');
  });
});
