import type { RedisLink } from '../connection/redis-link';
import type { Keys } from '../keys';
import { COMMANDS, type Call, type Command, type LuaArgument, argumentsOf } from './command-table';
import { luaSource } from './lua-source';

/** A reply of Lua. */
export type LuaReply = string | number | null | readonly LuaReply[];

type Run = (...args: LuaArgument[]) => Promise<LuaReply>;

/** Runs Lua in the store: by its hash, and by its source if the store does not know the hash. */
export class LuaCommands {
  private readonly runs = new Map<Command, Run>();

  constructor(
    private readonly link: RedisLink,
    private readonly keys: Keys,
  ) {
    for (const command of Object.keys(COMMANDS) as Command[]) {
      link.client.defineCommand(command, { lua: luaSource(command), numberOfKeys: 2 });
      const defined = (link.client as unknown as Record<Command, Run>)[command];
      this.runs.set(command, defined.bind(link.client));
    }
  }

  /** @throws SmartSupportError `closed` */
  mustBeOpen(): void {
    this.link.mustBeOpen();
  }

  /**
   * Runs one command atomically.
   * @throws SmartSupportError `closed`, `unavailable`, `outcome_unknown`, `corrupt`
   */
  async run<Name extends Command>(command: Name, ...call: Call<Name>): Promise<LuaReply> {
    const args = argumentsOf(command, ...call);
    const send = async (): Promise<LuaReply> =>
      this.runs.get(command)?.(this.keys.domain, this.keys.queue, ...args) ?? null;
    return this.link.waitsForReplicas && 'confirmed' in COMMANDS[command]
      ? this.link.runConfirmed(send, hasContent)
      : this.link.run(send);
  }
}

/** Reads an empty reply as `null`. */
function hasContent(reply: LuaReply): boolean {
  return !Array.isArray(reply) || reply.length > 0;
}
