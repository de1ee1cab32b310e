import {
  CATEGORIES,
  PAGE_SIZE,
  SmartSupportError,
  TICKET_STATUSES,
  requesterKey,
  type Ticket,
  type TicketCountQuery,
  type TicketCounts,
  type TicketFilter,
  type TicketPage,
  type TicketQuery,
  type TicketRecord,
  type TicketSort,
  type TicketSummary,
} from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  LAST_BIT,
  agentAt,
  agentFingerprint,
  categoryIn,
  isAutomatedAt,
  isRequesterAt,
  isUrgentAt,
  requesterFingerprint,
  secondAt,
  secondOf,
  statusIn,
  urgencyStepAt,
  type TicketColumns,
  type TicketStates,
} from './ticket-columns';
import { summaryOf } from './decisions';

/** Which columns a search reads beside the states. */
export interface ColumnsWanted {
  readonly details: boolean;
  readonly seconds: boolean;
  /** Fingerprint of a requester: the column of requesters is wanted, but no block without this one. */
  readonly requester?: Uint8Array;
}

/** The states of consecutive blocks. */
export interface StatesRead {
  readonly blocks: readonly TicketStates[];
  /** Block of the latest ticket; -1 if there has been none. */
  readonly last: number;
  /** First block that has tickets. */
  readonly first: number;
}

/** The index of a broker, and the records behind it. */
export interface TicketIndexReader {
  /** Up to `count` blocks from `from` on, in steps of `step`; blocks without tickets may be left out. `from` is `Infinity` for the latest. */
  readStates(from: number, step: 1 | -1, count: number): Promise<StatesRead>;
  /** Other columns of blocks, in this order; `undefined` for one that has nothing of what is wanted. */
  readColumns(blocks: readonly number[], wanted: ColumnsWanted): Promise<readonly (TicketColumns | undefined)[]>;
  /** The records of tickets by their numbers, in this order; `undefined` for one that is there no more. */
  readRecords(numbers: readonly number[]): Promise<readonly (TicketRecord | undefined)[]>;
}

/** Blocks read at a time: few at first, because most pages are full soon. */
const FIRST_BLOCKS = 2;
const MOST_BLOCKS = 64;
/** Records read at a time, each with its whole text. */
const RECORDS_AT_A_TIME = 25;
/** Records read for one page: a search for rare words ends with a page that is not full. */
const MOST_RECORDS = 1000;

/** One page of the tickets that match a query. */
export function listTickets(index: TicketIndexReader, query: TicketQuery): Promise<TicketPage> {
  const search = searchFor(query);
  return query.sort === 'urgency' ? pageByUrgency(index, query, search) : pageByNumber(index, query, search);
}

/** Numbers of the tickets that match a query. */
export async function countTickets(index: TicketIndexReader, query: TicketCountQuery): Promise<TicketCounts> {
  const byState = new Uint32Array(LOWEST_UNUSED);
  await forEachBlock(index, Infinity, -1, ({ state }) => {
    for (let at = 0; at < state.length; at += 1) byState[state[at] ?? 0] = (byState[state[at] ?? 0] ?? 0) + 1;
    return true;
  });
  const isWanted = wantedStates(query);
  const counts = {
    total: 0,
    status: Object.fromEntries(TICKET_STATUSES.map((status) => [status, 0])) as Record<Ticket['status'], number>,
    category: Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<
      (typeof CATEGORIES)[number],
      number
    >,
    needs_review: 0,
  };
  byState.forEach((count, state) => {
    const status = statusIn(state);
    if (status === undefined || !isWanted[state]) return;
    const category = categoryIn(state);
    counts.total += count;
    counts.status[status] += count;
    if (category === undefined) return;
    counts.category[category] += count;
    counts.needs_review += (state & LAST_BIT) * count;
  });
  return counts;
}

/** Bytes of the index are below it. */
const LOWEST_UNUSED = 128;

/** By state: whether a ticket in it may match. */
function wantedStates({ status, category, lane, needs_review, agent, automated }: TicketFilter): Uint8Array {
  return Uint8Array.from({ length: LOWEST_UNUSED }, (_, state) => {
    const [itsStatus, itsCategory] = [statusIn(state), categoryIn(state)];
    if (itsStatus === undefined || (status && !status.includes(itsStatus))) return 0;
    if (category && (itsCategory === undefined || !category.includes(itsCategory))) return 0;
    const last = (state & LAST_BIT) !== 0;
    const isDecided = itsCategory !== undefined;
    if ((agent !== undefined || automated === true) && !isDecided) return 0;
    if (needs_review !== undefined && needs_review !== (isDecided && last)) return 0;
    return lane !== undefined && !isDecided && (lane === 'urgent') !== last ? 0 : 1;
  });
}

/** How a query is looked for in the columns, and checked against a record. */
interface Search {
  /** By state: 1 where a ticket in it may match. */
  readonly states: Uint8Array;
  /** `undefined` where the states are enough. */
  readonly wanted: ColumnsWanted | undefined;
  /** Whether the ticket at a place of the other columns may match. */
  readonly mayMatch: (columns: TicketColumns, at: number, state: number) => boolean;
  /** Whether it does. */
  readonly matches: (record: TicketRecord) => boolean;
}

function searchFor(query: TicketQuery): Search {
  const { lane, automated, agent, requester, received_after, received_before, q } = query;
  const checks: Search['mayMatch'][] = [];
  const wanted = {
    details: lane !== undefined || automated !== undefined || agent !== undefined || query.sort === 'urgency',
    seconds: received_after !== undefined || received_before !== undefined,
    ...(requester !== undefined && { requester: requesterFingerprint(requester) }),
  };
  if (lane !== undefined) {
    const isUrgent = lane === 'urgent';
    // The state of an undecided ticket has its lane.
    checks.push(({ details }, at, state) => categoryIn(state) === undefined || isUrgentAt(details, at) === isUrgent);
  }
  if (automated !== undefined) checks.push(({ details }, at) => isAutomatedAt(details, at) === automated);
  if (agent !== undefined) {
    const fingerprint = agentFingerprint(agent);
    checks.push(({ details }, at) => agentAt(details, at) === fingerprint);
  }
  const { requester: fingerprint } = wanted;
  if (fingerprint) checks.push(({ requesters }, at) => isRequesterAt(requesters, at, fingerprint));
  if (received_after !== undefined) {
    const from = secondOf(received_after);
    checks.push(({ seconds }, at) => secondAt(seconds, at) >= from);
  }
  if (received_before !== undefined) {
    const to = secondOf(received_before);
    checks.push(({ seconds }, at) => secondAt(seconds, at) <= to);
  }
  const words = q?.toLowerCase().split(/\s+/) ?? [];
  return {
    states: wantedStates(query),
    wanted: wanted.details || wanted.seconds || wanted.requester ? wanted : undefined,
    mayMatch: (columns, at, state) => checks.every((check) => check(columns, at, state)),
    matches: (record) => matchesExactly(record, query) && hasWords(record.ticket, words),
  };
}

/** The index may be a moment older than the record, and knows agents, requesters and times only roughly. */
function matchesExactly({ ticket, explanation }: TicketRecord, query: TicketFilter): boolean {
  const received = Date.parse(ticket.received_at);
  return (
    (!query.status || query.status.includes(ticket.status)) &&
    (!query.category || (ticket.category !== null && query.category.includes(ticket.category))) &&
    (query.lane === undefined || explanation.lane.name === query.lane) &&
    (query.agent === undefined || ticket.assigned_agent === query.agent) &&
    (query.needs_review === undefined || ticket.needs_review === query.needs_review) &&
    (query.automated === undefined || ticket.automated === query.automated) &&
    (query.requester === undefined || requesterKey(ticket.requester) === requesterKey(query.requester)) &&
    (query.received_after === undefined || received >= query.received_after) &&
    (query.received_before === undefined || received < query.received_before)
  );
}

function hasWords({ subject, text }: Ticket, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const all = `${subject ?? ''}\n${text}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

/** Calls `visit` with each block in turn until it returns false. */
async function forEachBlock(
  index: TicketIndexReader,
  from: number,
  step: 1 | -1,
  visit: (states: TicketStates, columns: TicketColumns) => boolean | Promise<boolean>,
  search?: Pick<Search, 'states' | 'wanted'>,
): Promise<void> {
  let next = from;
  for (let count = FIRST_BLOCKS; ; count = Math.min(2 * count, MOST_BLOCKS)) {
    const { blocks, first, last } = await index.readStates(next, step, count);
    const columns = search && (await columnsOf(index, blocks, search));
    for (const states of blocks) {
      const others = columns ? columns.get(states.block) : NO_COLUMNS;
      if (others && !(await visit(states, others))) return;
    }
    next = step > 0 ? Math.max(next, first) + count : Math.min(next, last) - count;
    if (step > 0 ? next > last : next < first) return;
  }
}

/** Other columns of the blocks that have tickets which may match. Those without a decided one have no details. */
async function columnsOf(
  index: TicketIndexReader,
  blocks: readonly TicketStates[],
  { states, wanted }: Pick<Search, 'states' | 'wanted'>,
): Promise<ReadonlyMap<number, TicketColumns | undefined>> {
  const decided = states.map((isWanted, state) => (categoryIn(state) === undefined ? 0 : isWanted));
  const worthwhile = blocks.filter(({ state }) => hasAny(state, states));
  const columns = new Map<number, TicketColumns | undefined>(worthwhile.map(({ block }) => [block, NO_COLUMNS]));
  const isWantedOfAll = wanted?.seconds || wanted?.requester !== undefined;
  const read = worthwhile.filter(({ state }) => isWantedOfAll || (wanted?.details && hasAny(state, decided)));
  const numbers = read.map(({ block }) => block);
  const found = wanted ? await index.readColumns(numbers, wanted) : [];
  numbers.forEach((block, at) => columns.set(block, found[at]));
  return columns;
}

const NOTHING = new Uint8Array();
const NO_COLUMNS: TicketColumns = { details: NOTHING, seconds: NOTHING, requesters: NOTHING };

function hasAny(state: Uint8Array, states: Uint8Array): boolean {
  for (let at = 0; at < state.length; at += 1) if (states[state[at] ?? 0] === 1) return true;
  return false;
}

/** Places of a block whose tickets may match, from its first on. */
function placesIn({ state }: TicketStates, columns: TicketColumns, { states, wanted, mayMatch }: Search): number[] {
  const places: number[] = [];
  for (let at = 0; at < state.length; at += 1) {
    const one = state[at] ?? 0;
    if (states[one] === 1 && (!wanted || mayMatch(columns, at, one))) places.push(at);
  }
  return places;
}

/** A page by the order of acceptance. The cursor is the number of its last ticket. */
async function pageByNumber(
  index: TicketIndexReader,
  { sort, cursor }: TicketQuery,
  search: Search,
): Promise<TicketPage> {
  const step = sort === 'oldest' ? 1 : -1;
  const after = cursor === undefined ? undefined : placeIn(cursor, sort).number;
  const page = new PageOfTickets(index, search.matches);
  const from = after === undefined ? (step > 0 ? 0 : Infinity) : Math.floor(after / BLOCK_SIZE);
  let end: number | undefined;
  const visit = async (states: TicketStates, columns: TicketColumns): Promise<boolean> => {
    const numbers = placesIn(states, columns, search).map((at) => states.block * BLOCK_SIZE + at);
    const later = after === undefined ? numbers : numbers.filter((number) => (number - after) * step > 0);
    end = await page.fill(step > 0 ? later : later.reverse());
    return end === undefined;
  };
  await forEachBlock(index, from, step, visit, search);
  return { tickets: page.tickets, next_cursor: end === undefined ? null : cursorOf({ sort, number: end, urgency: 0 }) };
}

/** Tickets of equal urgency are fewer than this. */
const NUMBERS = 2 ** 40;
/** Candidates that are kept for a page: some may match no more. */
const KEPT_CANDIDATES = 4 * PAGE_SIZE;

/** A page by urgency. The cursor has the urgency of its last ticket, too. */
async function pageByUrgency(
  index: TicketIndexReader,
  { sort, cursor }: TicketQuery,
  search: Search,
): Promise<TicketPage> {
  const place = cursor === undefined ? undefined : placeIn(cursor, sort);
  let below = place ? place.urgency * NUMBERS + place.number : Infinity;
  const page = new PageOfTickets(index, search.matches);
  for (;;) {
    const best = new Highest(KEPT_CANDIDATES);
    const visit = (states: TicketStates, columns: TicketColumns): boolean => {
      for (const at of placesIn(states, columns, search)) {
        const key = urgencyStepAt(columns.details, at) * NUMBERS + states.block * BLOCK_SIZE + at;
        if (key < below) best.add(key);
      }
      return true;
    };
    await forEachBlock(index, Infinity, -1, visit, search);
    const keys = best.keys();
    const end = await page.fill(keys.map((key) => key % NUMBERS));
    const last = end === undefined ? keys.at(-1) : keys.find((key) => key % NUMBERS === end);
    if (last !== undefined) below = last;
    if (end !== undefined) {
      const urgency = Math.floor(below / NUMBERS);
      return { tickets: page.tickets, next_cursor: cursorOf({ sort, number: end, urgency }) };
    }
    if (keys.length < KEPT_CANDIDATES) return { tickets: page.tickets, next_cursor: null };
  }
}

/** The highest of many keys. */
class Highest {
  private kept: number[] = [];
  private lowest = -Infinity;

  constructor(private readonly most: number) {}

  add(key: number): void {
    if (key <= this.lowest) return;
    this.kept.push(key);
    if (this.kept.length < 2 * this.most) return;
    this.kept = this.keys();
    this.lowest = this.kept.at(-1) ?? -Infinity;
  }

  /** From the highest on. */
  keys(): number[] {
    return this.kept.sort((a, b) => b - a).slice(0, this.most);
  }
}

/** A page that is filled with candidates, in order, as far as they match. */
class PageOfTickets {
  readonly tickets: TicketSummary[] = [];
  private looked = 0;

  constructor(
    private readonly index: TicketIndexReader,
    private readonly matches: (record: TicketRecord) => boolean,
  ) {}

  /** Returns the number of the last candidate that was looked at if the page ends there; `undefined` if it goes on behind them. */
  async fill(numbers: readonly number[]): Promise<number | undefined> {
    for (let from = 0; from < numbers.length; from += RECORDS_AT_A_TIME) {
      const part = numbers.slice(from, from + RECORDS_AT_A_TIME);
      const records = await this.index.readRecords(part);
      for (const [at, number] of part.entries()) {
        const record = records[at];
        this.looked += 1;
        if (record && this.matches(record)) this.tickets.push(summaryOf(record.ticket));
        if (this.tickets.length === PAGE_SIZE || this.looked === MOST_RECORDS) return number;
      }
    }
    return undefined;
  }
}

/** Where a page ended. */
interface Place {
  readonly sort: TicketSort;
  readonly number: number;
  /** The step of the urgency; 0 unless the page is sorted by it. */
  readonly urgency: number;
}

const cursorOf = ({ sort, urgency, number }: Place): string => `${sort}:${urgency}:${number}`;

/** @throws SmartSupportError `invalid_input` for a cursor that no page with this sort gave */
function placeIn(cursor: string, sort: TicketSort): Place {
  const [, name, urgency, number] = /^([a-z]{6,7}):(\d{1,3}):(\d{1,12})$/.exec(cursor) ?? [];
  if (name === sort) return { sort, number: Number(number), urgency: Number(urgency) };
  throw new SmartSupportError('invalid_input', 'The cursor is not one that a page of tickets with this sort gave', {
    issues: [{ path: 'cursor', message: 'must be the next_cursor of a page with the same sort' }],
  });
}
