import { randomUUID } from 'node:crypto';
import {
  type AcceptResult,
  type BrokerOptions,
  CATEGORIES,
  type Claim,
  IDEMPOTENCY_KEY_TTL_MS,
  LANES,
  type NewTicket,
  type QueueReport,
  SmartSupportError,
  type StatusChange,
  isSmartSupportError,
  type TicketQueue,
} from '@smart-support/contracts';
import { mostOfDomain, namesOf, retryDelayMs } from '@smart-support/broker/rules';
import type { LuaCommands, LuaReply } from './commands/lua-commands';
import { fields, list, named, number, text, texts, unknownReply } from './commands/replies';
import type { WorkSignal } from './connection/work-signal';
import { requesterField } from './records/index-columns';
import { acceptedRecord, contentHash, inputField, recordOf, sourceField } from './records/ticket-fields';
import type { RosterView } from './roster/roster-view';
import type { StatusEvents } from './status-events';
import type { StoreBudget } from './store-budget';
import { Batcher } from './batcher';

/**
 * Number of tickets at which a command leaves at once: the store works on them while this process prepares the next.
 * Chosen from 10, 16, 25, 34 and no bound on the load that `tools:bench --only=queue-adding` measures: without a bound,
 * half as many tickets were accepted.
 */
const ENOUGH_OFFERS = 25;

/** Keys that one command of a recount scans, number of commands at a time, and pause between two recounts in milliseconds. */
const RECOUNT_KEYS = 500;
const RECOUNT_COMMANDS = 20;
const RECOUNT_MS = 3_600_000;

/** The fields of an undecided ticket in the reply of a claim. */
const CLAIMED_FIELDS = ['received_ms', 'lane', 'input', 'attempts', 'source'] as const;

/** The queue in Redis: one Lua command for each step of a ticket. */
export class RedisQueue implements TicketQueue {
  /** Tokens are a unique prefix and a number, so that no two processes give out the same. */
  private readonly tokenStart = randomUUID();
  private readonly batcher = new Batcher<NewTicket, AcceptResult>((offers) => this.acceptAll(offers), ENOUGH_OFFERS);
  private claims = 0;

  constructor(
    private readonly lua: LuaCommands,
    private readonly calls: WorkSignal,
    private readonly roster: RosterView,
    private readonly statusEvents: StatusEvents,
    private readonly options: BrokerOptions,
    private readonly budget: StoreBudget,
    private readonly random: () => number,
    /** Other work of a sweep. */
    private readonly alsoDue: () => Promise<void>,
  ) {}

  /** Tickets that callers offer at the same moment share a command. */
  async accept(offers: readonly NewTicket[]): Promise<AcceptResult[]> {
    this.lua.mustBeOpen();
    return this.batcher.sendBatched(offers);
  }

  private async acceptAll(offers: readonly NewTicket[]): Promise<AcceptResult[]> {
    const { queueShare = 1 } = this.options;
    const reply = await this.lua.run(
      'queue/accept',
      {
        queue_max: this.options.queueMax,
        idempotency_ms: IDEMPOTENCY_KEY_TTL_MS,
        duplicate_ms: this.options.duplicateMs,
        ...this.budget.toArguments(),
        max_of_domain: mostOfDomain(this.options),
        share_of_bytes: queueShare === 1 ? '' : queueShare,
        requesters: offers.map(({ input }) => requesterField(input.requester ?? null)).join(''),
      },
      offers.map((offer) => {
        const { id, input, lane, lane_urgency, source } = offer;
        return {
          id,
          name: this.nameOf(offer),
          content_hash: contentHash(input),
          // One argument for two values: one more for each ticket made adding by the hundred 7 % slower.
          lane_and_source: source ? `${lane} ${sourceField(source)}` : lane,
          input: inputField(input, lane_urgency),
        };
      }),
    );
    const replies = list(reply);
    return offers.map((offer, index) => this.accepted(offer, replies[index] ?? null));
  }

  /** The name under which a repeat finds the ticket, beside its id; '' for none. */
  private nameOf(offer: NewTicket): string {
    const { idempotencyKey, duplicateKey } = namesOf(offer, this.options.duplicateMs);
    if (idempotencyKey !== null) return `idempotency:${idempotencyKey}`;
    return duplicateKey === null ? '' : `duplicate:${duplicateKey}`;
  }

  private accepted(offer: NewTicket, reply: LuaReply): AcceptResult {
    const [name, first, second] = named(reply);
    switch (name) {
      case 'accepted': {
        const record = acceptedRecord(offer, number(first));
        this.statusEvents.emit(record.ticket);
        return { outcome: 'accepted', record };
      }
      case 'repeated':
        return repeated(text(first), fields(second));
      case 'conflict':
        return { outcome: 'conflict', ticket_id: text(first) };
      case 'full':
        if (first === 'share') return { outcome: 'full', reason: first };
        if (first !== 'bytes') return { outcome: 'full' };
        this.budget.noteRefusal();
        return { outcome: 'full', reason: 'bytes' };
      case 'corrupt':
        return { outcome: 'corrupt', ticket_id: offer.id };
      default:
        throw unknownReply('queue/accept', name);
    }
  }

  /** The wake list alone is not enough: a signal may have gone to a worker that died, and a delayed ticket that becomes due sends none. */
  async waitForWork(timeoutMs: number): Promise<void> {
    const next = await this.nextWork();
    if (next === '0') return;
    await this.calls.wait(next === '' ? timeoutMs : Math.min(timeoutMs, Number(next)));
  }

  private async nextWork(): Promise<string> {
    try {
      return text(await this.lua.run('queue/next-work', {}));
    } catch (error) {
      if (isSmartSupportError(error, 'closed')) throw error;
      return '';
    }
  }

  /** Entries without a record are quarantined; a ticket with a corrupt record goes to the dead letters. */
  async claim(limit: number): Promise<Claim[]> {
    this.claims += 1;
    const tokens = `${this.tokenStart}.${this.claims}.`;
    const [view, ...parts] = list(
      await this.lua.run('queue/claim', {
        limit,
        lease_ms: this.options.leaseMs,
        token_start: tokens,
        roster_version: this.roster.version,
      }),
    );
    this.roster.update(view);
    const claims: Promise<Claim | undefined>[] = [];
    const taken = texts(parts);
    for (let start = 0; start < taken.length; start += 1 + CLAIMED_FIELDS.length) {
      const found = new Map(CLAIMED_FIELDS.map((name, index) => [name as string, taken[start + 1 + index] ?? '']));
      const claim = this.claimed(
        taken[start] ?? '',
        `${tokens}${claims.length + 1}`,
        found.set('status', 'processing'),
      );
      claims.push(claim.catch(() => undefined));
    }
    return (await Promise.all(claims)).filter((claim) => claim !== undefined);
  }

  /** @throws SmartSupportError `corrupt` for a corrupt record, which goes to the dead letters */
  async claimById(ticketId: string): Promise<Claim | undefined> {
    this.claims += 1;
    const token = `${this.tokenStart}.${this.claims}`;
    const found = await this.lua.run('queue/claim-by-id', { id: ticketId, lease_ms: this.options.leaseMs, token });
    return list(found).length === 0 ? undefined : this.claimed(ticketId, token, fields(found));
  }

  /**
   * Moves a ticket with a corrupt record to the dead letters, where an operator sees it: no worker can process it, and the others
   * of its batch should not wait for it. If that fails, its lease expires and the sweep finds it again.
   * @throws SmartSupportError `corrupt`
   */
  private async claimed(id: string, token: string, found: ReadonlyMap<string, string>): Promise<Claim> {
    try {
      const record = recordOf(id, found);
      this.statusEvents.emit(record.ticket);
      return { record, token };
    } catch (error) {
      const { code, message } = error as SmartSupportError;
      const unread = { id, category: null, urgency_score: null, assigned_agent: null };
      this.statusEvents.emit({ ...unread, status: 'processing' });
      await this.failClaim(unread, token, { code, message, retryable: false });
      throw error;
    }
  }

  /** See {@link TicketQueue}. */
  async heartbeat(claims: readonly Claim[]): Promise<string[]> {
    const items = claims.map(({ record, token }) => ({ id: record.ticket.id, token }));
    return texts(await this.lua.run('queue/heartbeat', { lease_ms: this.options.leaseMs }, items));
  }

  /** @throws SmartSupportError `lease_lost` */
  async fail(claim: Claim, error: Parameters<TicketQueue['fail']>[1]): Promise<'queued' | 'dead'> {
    const status = await this.failClaim(claim.record.ticket, claim.token, error);
    if (status === 'lease_lost') throw leaseLost(claim);
    return status;
  }

  private async failClaim(
    ticket: Omit<StatusChange, 'status'>,
    token: string,
    error: Parameters<TicketQueue['fail']>[1],
  ): Promise<'queued' | 'dead' | 'lease_lost'> {
    const { maxAttempts, deadLettersMax } = this.options;
    const delays = Array.from({ length: maxAttempts }, (_, index) => ({
      delay_ms: Math.round(retryDelayMs(index + 1, this.random)),
    }));
    const reply = await this.lua.run(
      'queue/fail',
      {
        id: ticket.id,
        token,
        code: error.code,
        message: error.message,
        is_retryable: error.retryable ? '1' : '0',
        max_attempts: maxAttempts,
        dead_letters_max: deadLettersMax,
      },
      delays,
    );
    const [name, lost] = named(reply);
    switch (name) {
      case 'queued':
        this.statusEvents.emit({ ...ticket, status: 'queued' });
        return 'queued';
      case 'dead':
        this.statusEvents.emit({ ...ticket, status: 'dead' });
        this.statusEvents.emitDeadLettersLost(texts(lost));
        return 'dead';
      case 'lease_lost':
        return 'lease_lost';
      default:
        throw unknownReply('queue/fail', name);
    }
  }

  /** @throws SmartSupportError `lease_lost` */
  async requeue(claim: Claim): Promise<void> {
    const [name] = named(await this.lua.run('queue/requeue', { id: claim.record.ticket.id, token: claim.token }));
    if (name === 'lease_lost') throw leaseLost(claim);
    this.statusEvents.emit({ ...claim.record.ticket, status: 'queued' });
  }

  /** Also requeues quarantined tickets whose records were repaired, and advances the time of storms. */
  async sweep(): Promise<number> {
    const { maxStalls, deadLettersMax } = this.options;
    const [moved, again, died, lost, served] = list(
      await this.lua.run('queue/sweep', { max_stalls: maxStalls, dead_letters_max: deadLettersMax }),
    );
    this.statusEvents.emitForIds(texts(again), 'queued');
    this.statusEvents.emitForIds(texts(died), 'dead');
    this.statusEvents.emitDeadLettersLost(texts(lost));
    this.statusEvents.emitServed(texts(served));
    await this.alsoDue();
    return number(moved);
  }

  /** Continues the recount of the unfinished tickets of each trust domain; one begins every hour. To be called from time to time, by one process. */
  async recountDomains(): Promise<void> {
    for (let command = 0; command < RECOUNT_COMMANDS; command += 1) {
      const isUnderWay = await this.lua.run('queue/recount-domains', {
        key_count: RECOUNT_KEYS,
        pause_ms: RECOUNT_MS,
      });
      if (number(isUnderWay) === 0) return;
    }
  }

  /** Sizes and ages by the store’s own counts and clock. */
  async report(): Promise<QueueReport> {
    const [lanes, oldest, inWork, waiting, dead, outbox] = list(await this.lua.run('queue/report', {}));
    return {
      lanes: countsBy(LANES, lanes),
      oldest_age_ms: oldest === '' ? null : number(oldest),
      in_progress: number(inWork),
      waiting: countsBy(CATEGORIES, waiting),
      dead: number(dead),
      outbox: number(outbox),
    };
  }
}

function countsBy<Name extends string>(names: readonly Name[], reply: LuaReply | undefined): Record<Name, number> {
  const counts = list(reply);
  return Object.fromEntries(names.map((name, index) => [name, number(counts[index])])) as Record<Name, number>;
}

/** A corrupt record must not withhold the results of the others of a batch. */
function repeated(ticketId: string, found: ReadonlyMap<string, string>): AcceptResult {
  try {
    return { outcome: 'repeated', record: recordOf(ticketId, found) };
  } catch {
    return { outcome: 'corrupt', ticket_id: ticketId };
  }
}

/** The error for a claim that has expired or belongs to another worker by now. */
export function leaseLost({ record }: Claim): SmartSupportError {
  return new SmartSupportError('lease_lost', `The claim on ticket "${record.ticket.id}" was lost`);
}
