import { type Callback, Redis } from 'ioredis';
import { problemOf } from './store-errors';

/**
 * A client whose ready check succeeds without output where `INFO` is forbidden. ioredis succeeds as well, but prints a line to stderr at every
 * connect.
 */
export class LocatedClient extends Redis {
  /** As `Redis.info`. The ready check, the only caller that passes nothing but a callback, gets an empty answer where `INFO` is forbidden. */
  override info(...args: unknown[]): ReturnType<Redis['info']> {
    const [callback] = args;
    const info = super.info as (...args: unknown[]) => ReturnType<Redis['info']>;
    if (typeof callback !== 'function') return info.apply(this, args);
    const answered: Callback<string> = (error, reply) =>
      problemOf(error ?? undefined) === 'noperm' ? callback(null, '') : callback(error, reply);
    return info.call(this, answered);
  }
}
