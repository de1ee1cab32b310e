import { type Callback, Redis } from 'ioredis';
import { problemOf } from './store-errors';

/**
 * A client whose ready check goes on in silence where `INFO` is forbidden. ioredis goes on as well, but prints a line of its own to stderr at every
 * connect.
 */
export class LocatedClient extends Redis {
  /** As `Redis.info`; the ready check, which alone calls it with nothing but a callback, gets an empty answer where it is forbidden. */
  override info(...args: unknown[]): ReturnType<Redis['info']> {
    const [callback] = args;
    const info = super.info as (...args: unknown[]) => ReturnType<Redis['info']>;
    if (typeof callback !== 'function') return info.apply(this, args);
    const answered: Callback<string> = (error, reply) =>
      problemOf(error ?? undefined) === 'noperm' ? callback(null, '') : callback(error, reply);
    return info.call(this, answered);
  }
}
