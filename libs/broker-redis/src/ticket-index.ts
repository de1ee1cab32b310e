import type { TicketRecord } from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  type ColumnsWanted,
  DETAILS_WIDTH,
  REQUESTER_WIDTH,
  SECOND_WIDTH,
  STATE_WIDTH,
  type StatesRead,
  type TicketColumns,
  type TicketIndexReader,
} from '@smart-support/broker/rules';
import type { LuaCommands, LuaReply } from './commands/lua-commands';
import { fields, list, number, text } from './commands/replies';
import { recordOf } from './records/ticket-fields';

/** Tickets that one command of the pruning looks at, and number of commands at a time. */
const PRUNED_TICKETS = 1000;
const PRUNE_COMMANDS = 5;

/** What lists of tickets filter and sort by, in Redis: see {@link TicketColumns}. The commands that change a ticket write it. */
export class RedisTicketIndex implements TicketIndexReader {
  constructor(private readonly lua: LuaCommands) {}

  /** See {@link TicketIndexReader}. */
  async readStates(from: number, step: 1 | -1, count: number): Promise<StatesRead> {
    const place = from === Infinity ? 'latest' : from;
    const [first, last, ...parts] = list(await this.lua.run('tickets/read-states', { from: place, step, count }));
    const blocks = Array.from({ length: Math.floor(parts.length / 2) }, (_, index) => ({
      block: number(parts[2 * index]),
      state: columnOf(parts[2 * index + 1], STATE_WIDTH),
    }));
    return { blocks, first: number(first), last: number(last) };
  }

  /** See {@link TicketIndexReader}. */
  async readColumns(blocks: readonly number[], wanted: ColumnsWanted): Promise<(TicketColumns | undefined)[]> {
    if (blocks.length === 0) return [];
    const { details, seconds, requester } = wanted;
    const bytes = Buffer.from(requester ?? []).toString('latin1');
    const replies = list(await this.lua.run('tickets/read-columns', { blocks, details, seconds, requester: bytes }));
    return replies.map((reply) => {
      const columns = list(reply);
      if (columns.length === 0) return undefined;
      return {
        details: columnOf(columns[0], details ? DETAILS_WIDTH : 0),
        seconds: columnOf(columns[1], seconds ? SECOND_WIDTH : 0),
        requesters: columnOf(columns[2], requester ? REQUESTER_WIDTH : 0),
      };
    });
  }

  /** See {@link TicketIndexReader}. A corrupt record counts as none: it must not prevent the list. */
  async readRecords(numbers: readonly number[]): Promise<(TicketRecord | undefined)[]> {
    const found = list(await this.lua.run('tickets/read-numbered', { numbers }));
    return numbers.map((wanted, at) => numberedRecord(wanted, found[at]));
  }

  /** Takes expired tickets out of the index. To be called from time to time, by one process. */
  async prune(): Promise<void> {
    for (let command = 0; command < PRUNE_COMMANDS; command += 1) {
      if (number(await this.lua.run('tickets/prune-index', { limit: PRUNED_TICKETS })) === 0) return;
    }
  }
}

/** The bytes of a column: the zeros at its end may be missing. */
function columnOf(reply: LuaReply | undefined, width: number): Uint8Array {
  const column = Buffer.alloc(BLOCK_SIZE * width);
  column.write(text(reply), 'latin1');
  return column;
}

function numberedRecord(wanted: number, reply: LuaReply | undefined): TicketRecord | undefined {
  const [id, flat] = list(reply);
  if (id === undefined) return undefined;
  const found = fields(flat);
  // After its retention, its id may have come again: with another number.
  if (found.get('number') !== String(wanted)) return undefined;
  try {
    return recordOf(text(id), found);
  } catch {
    return undefined;
  }
}
