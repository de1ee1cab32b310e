import { types } from 'node:util';
import { isSmartSupportError } from '@smart-support/contracts';

const WHY_NOT_LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'the port needs more rights than this user has',
  EADDRNOTAVAIL: 'this machine does not have that address',
};

/**
 * Explains to an operator why a process cannot start: one sentence, or a list of everything that is wrong; only internal errors
 * come with a stack.
 * @param portSetting - name of the setting that the process takes its port from, for example `PORT`
 */
export function explainFailure(error: unknown, portSetting: string): string {
  if (isSmartSupportError(error)) return error.message;
  if (!types.isNativeError(error)) return String(error);
  const syscall = 'syscall' in error ? error.syscall : undefined;
  if (syscall === 'getaddrinfo') return `Cannot listen: the name in HOST is not known here (${error.message}).`;
  if (syscall === 'listen') {
    const why = WHY_NOT_LISTENING['code' in error ? String(error.code) : ''] ?? error.message;
    const where =
      'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : 'that address';
    return `Cannot listen on ${where}: ${why}. Set ${portSetting} or HOST to change it.`;
  }
  return error.stack ?? error.message;
}
