import type { ByteUse, Clock } from '@smart-support/contracts';
import type { LuaArgument } from './commands/command-table';
import type { RedisLink } from './connection/redis-link';

/**
 * Share of a store's `maxmemory` that new tickets may fill if no other bound is set. The rest is for the further data of the tickets inside,
 * which is always written, and for other users of the store.
 */
const SHARE = 0.8;

/** Least time between two notifications that tickets are refused, in milliseconds. */
const NOTIFY_MS = 60_000;

/** The bytes that a store may use when a new ticket arrives. */
export class StoreBudget {
  private notifiedAt = -Infinity;

  /**
   * @param bytes - the bound; {@link SHARE} of the store's own if it is left out
   * @param onFull - see `RedisBrokerDependencies`
   */
  constructor(
    private readonly link: Pick<RedisLink, 'memory'>,
    private readonly clock: Clock,
    private readonly bytes: number | undefined,
    private readonly onFull: () => void,
  ) {}

  /** The memory that the store uses, by the last probe; `null` if unknown. */
  get use(): ByteUse | null {
    const used = this.link.memory?.used ?? null;
    return used === null ? null : { used: used, limit: this.most ?? Infinity };
  }

  /** The bound, and the bytes of it that were free at the last probe, as `accept` and `adopt` take them; '' if unknown. */
  toArguments(): { readonly max_bytes: LuaArgument; readonly known_free_bytes: LuaArgument } {
    const { most, use } = this;
    if (most === undefined) return { max_bytes: '', known_free_bytes: '' };
    return { max_bytes: most, known_free_bytes: use === null ? '' : most - use.used };
  }

  /** A new ticket was refused for lack of space. */
  noteRefusal(): void {
    const now = this.clock.monotonic();
    if (now < this.notifiedAt + NOTIFY_MS) return;
    this.notifiedAt = now;
    this.onFull();
  }

  private get most(): number | undefined {
    const bound = this.link.memory?.bound ?? null;
    return this.bytes ?? (bound === null ? undefined : Math.floor(SHARE * bound));
  }
}
