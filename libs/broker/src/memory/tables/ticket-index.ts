import type { TicketRecord } from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  REQUESTER_WIDTH,
  SECOND_WIDTH,
  STATE_WIDTH,
  detailsOf,
  requesterFingerprint,
  secondBytes,
  secondOf,
  stateOf,
  type TicketColumns,
  type TicketStates,
} from '../../rules/ticket-columns';
import type { StatesRead, TicketIndexReader } from '../../rules/ticket-search';
import type { StoredTicket } from './stored-ticket';

interface Block extends TicketStates, TicketColumns {
  readonly tickets: (StoredTicket | undefined)[];
  /** How many tickets are left. */
  count: number;
}

/** What lists of tickets filter and sort by: see {@link TicketColumns}. */
export class TicketIndex implements TicketIndexReader {
  /** In ascending order. */
  private readonly blocks = new Map<number, Block>();
  private nextNumber = 0;

  /** Gives a new ticket its number. */
  insert(stored: StoredTicket): void {
    stored.number = this.nextNumber;
    this.nextNumber += 1;
    const block = this.blockOf(stored) ?? this.newBlock(blockNumber(stored));
    const at = placeOf(stored);
    block.tickets[at] = stored;
    block.count += 1;
    const { received_at, requester } = stored.record.ticket;
    block.seconds.set(secondBytes(secondOf(Date.parse(received_at))), at * SECOND_WIDTH);
    block.requesters.set(requesterFingerprint(requester), at * REQUESTER_WIDTH);
    this.update(stored);
  }

  /** Notes what the record of a ticket says now. */
  update(stored: StoredTicket): void {
    const block = this.blockOf(stored);
    const at = placeOf(stored);
    if (block?.tickets[at] !== stored) return;
    block.state[at] = stateOf(stored.record);
    block.details.set(detailsOf(stored.record), at * DETAILS_WIDTH);
  }

  /** Forgets a ticket. */
  remove(stored: StoredTicket): void {
    const block = this.blockOf(stored);
    const at = placeOf(stored);
    if (block?.tickets[at] !== stored) return;
    block.tickets[at] = undefined;
    block.state[at] = 0;
    block.count -= 1;
    if (block.count === 0 && block.block !== this.last) this.blocks.delete(block.block);
  }

  /** See {@link TicketIndexReader}. */
  async readStates(from: number, step: 1 | -1, count: number): Promise<StatesRead> {
    const { last } = this;
    const [first = last + 1] = this.blocks.keys();
    const start = step > 0 ? Math.max(from, first) : Math.min(from, last);
    const blocks = Array.from({ length: count }, (_, index) => this.blocks.get(start + step * index));
    return { blocks: blocks.filter((block) => block !== undefined), first, last };
  }

  /** See {@link TicketIndexReader}. */
  async readColumns(blocks: readonly number[]): Promise<(TicketColumns | undefined)[]> {
    return blocks.map((block) => this.blocks.get(block));
  }

  /** See {@link TicketIndexReader}. */
  async readRecords(numbers: readonly number[]): Promise<(TicketRecord | undefined)[]> {
    return numbers.map(
      (number) => this.blocks.get(Math.floor(number / BLOCK_SIZE))?.tickets[number % BLOCK_SIZE]?.record,
    );
  }

  private get last(): number {
    return Math.floor((this.nextNumber - 1) / BLOCK_SIZE);
  }

  private blockOf(stored: StoredTicket): Block | undefined {
    return this.blocks.get(blockNumber(stored));
  }

  private newBlock(block: number): Block {
    const created: Block = {
      block,
      state: new Uint8Array(BLOCK_SIZE * STATE_WIDTH),
      details: new Uint8Array(BLOCK_SIZE * DETAILS_WIDTH),
      seconds: new Uint8Array(BLOCK_SIZE * SECOND_WIDTH),
      requesters: new Uint8Array(BLOCK_SIZE * REQUESTER_WIDTH),
      tickets: [],
      count: 0,
    };
    // The block before may have lost its last ticket while it was the latest.
    const before = this.blocks.get(block - 1);
    if (before?.count === 0) this.blocks.delete(block - 1);
    this.blocks.set(block, created);
    return created;
  }
}

const blockNumber = ({ number }: StoredTicket): number => Math.floor(number / BLOCK_SIZE);
const placeOf = ({ number }: StoredTicket): number => number % BLOCK_SIZE;
