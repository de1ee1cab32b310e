import type { RedisServer } from '@smart-support/testing';
import { ReplicationStream, type StreamedCommand } from './replication-stream';

const LOOK_MS = 20;

/** The audit reads hashes and streams. */
const READ = new Set(['HSET', 'HMSET', 'HINCRBY', 'XADD']);

/**
 * The writes that survived: those that the master of now has, in their order. At a failover a master has more than its successor: what that
 * does not have is taken out again, and counted. Nothing is judged by what only a lost master knew.
 */
export class SurvivingHistory {
  private stream: ReplicationStream | undefined;
  /** Writes that the next failover may still take out. */
  private pending: StreamedCommand[] = [];
  private lostWrites = 0;
  private survived = 0;

  /** @param onCommand - called with every write that survived, in their order */
  constructor(private readonly onCommand: (command: readonly string[]) => void) {}

  /** Writes to hashes and streams that were taken out, over all failovers. */
  get lost(): number {
    return this.lostWrites;
  }

  /** Those that survived. */
  get commands(): number {
    return this.survived;
  }

  /** Begins with a master that has nothing of interest yet. */
  async begin(master: RedisServer): Promise<void> {
    await this.open(master, undefined);
  }

  /**
   * Goes on with the server that took over from the master so far.
   * @throws Error when that did not begin with the same history: then something is missing, and nothing can be audited
   */
  async followFailover(successor: RedisServer): Promise<void> {
    const facts = await replicationFacts(successor);
    const { replicationId = '', offset = 0 } = this.stream?.position ?? {};
    this.stream?.close();
    const isSame = facts.get('master_replid') === replicationId;
    if (!isSame && facts.get('master_replid2') !== replicationId)
      throw new Error('The new master does not go on with the history of the old one');
    const shared = isSame ? Infinity : Number(facts.get('second_repl_offset')) - 1;
    const kept = this.pending.filter(({ end }) => end <= shared);
    this.lostWrites += this.pending.length - kept.length;
    this.pending = kept;
    this.settle();
    await this.open(successor, { replicationId, offset: Math.min(offset, shared) });
  }

  /**
   * Goes on with another master, to which everything is moved in between.
   * @param move - moves it; while it does, nothing else is written
   */
  async followMove(to: RedisServer, from: RedisServer, move: () => Promise<void>): Promise<void> {
    const before = this.stream;
    const moved: StreamedCommand[] = [];
    const stream = await ReplicationStream.open(to.port, undefined, intoList(moved));
    await move();
    await this.caughtUp(from);
    before?.close();
    this.settle();
    this.pending = moved;
    this.stream = stream;
  }

  /** Takes everything that is known now for what survived. */
  async conclude(master: RedisServer): Promise<void> {
    await this.caughtUp(master);
    this.settle();
  }

  /** Resolves once everything is read that the master has written up to now. */
  async caughtUp(master: RedisServer): Promise<void> {
    const end = Number((await replicationFacts(master)).get('master_repl_offset'));
    while ((this.stream?.position.offset ?? end) < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }

  /** Reads no more. */
  close(): void {
    this.stream?.close();
  }

  private async open(master: RedisServer, from: Parameters<typeof ReplicationStream.open>[1]): Promise<void> {
    this.stream = await ReplicationStream.open(master.port, from, intoList(this.pending));
  }

  private settle(): void {
    for (const { command } of this.pending) this.onCommand(command);
    this.survived += this.pending.length;
    // The stream of now goes on to write into this very list.
    this.pending.length = 0;
  }
}

function intoList(list: StreamedCommand[]): (command: StreamedCommand) => void {
  return (streamed) => {
    if (READ.has(streamed.command[0]?.toUpperCase() ?? '')) list.push(streamed);
  };
}

async function replicationFacts(server: RedisServer): Promise<ReadonlyMap<string, string>> {
  const lines = String(await server.command('INFO', 'replication')).split('\r\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
