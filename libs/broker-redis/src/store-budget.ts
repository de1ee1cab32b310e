import type { ByteUse, Clock } from '@smart-support/contracts';
import type { LuaArgument } from './commands/command-table';
import type { RedisLink } from './connection/redis-link';

/**
 * Share of a store's `maxmemory` that new tickets may fill where no other bound is set. The rest is for what becomes of the tickets inside, which is
 * written in any case, and for those who share the store.
 */
const SHARE = 0.8;

/** Least time between two notifications that tickets are refused, in milliseconds. */
const NOTIFY_MS = 60_000;

/** How many bytes a store may use when a new ticket comes. */
export class StoreBudget {
  private notifiedAt = -Infinity;

  /**
   * @param bytes - the bound; {@link SHARE} of the store's own where it is left out
   * @param onFull - see `RedisBrokerDependencies`
   */
  constructor(
    private readonly link: Pick<RedisLink, 'memory'>,
    private readonly clock: Clock,
    private readonly bytes: number | undefined,
    private readonly onFull: () => void,
  ) {}

  /** What the store uses, as known from the last look; `null` where it does not say. */
  get use(): ByteUse | null {
    const used = this.link.memory?.used ?? null;
    return used === null ? null : { used: used, limit: this.most ?? Infinity };
  }

  /** The bound, and how many bytes of it were free at the last look, as `accept` and `adopt` take them; '' for what is not known. */
  toArguments(): { readonly max_bytes: LuaArgument; readonly known_free_bytes: LuaArgument } {
    const { most, use } = this;
    if (most === undefined) return { max_bytes: '', known_free_bytes: '' };
    return { max_bytes: most, known_free_bytes: use === null ? '' : most - use.used };
  }

  /** A new ticket found no room. */
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
