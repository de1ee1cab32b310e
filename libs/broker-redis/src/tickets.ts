import {
  type Actor,
  type BrokerOptions,
  type Category,
  type Claim,
  type Corrections,
  type Decision,
  type RankedAgent,
  SmartSupportError,
  type TicketChanges,
  type TicketCountQuery,
  type TicketCounts,
  type TicketPage,
  type TicketQuery,
  type TicketRecord,
  type TicketStore,
  type TimerClock,
} from '@smart-support/contracts';
import {
  countTickets,
  givenOnly,
  listTickets,
  urgentEventHead,
  urgentEventId,
  refuseUnusable,
  waitingKey,
} from '@smart-support/broker/rules';
import type { Call } from './commands/command-table';
import type { LuaCommands, LuaReply } from './commands/lua-commands';
import { fields, list, named, number, text, texts, unknownReply } from './commands/replies';
import { storeError } from './connection/store-errors';
import { flagsField } from './records/index-columns';
import { decided, decisionField, recordOf } from './records/ticket-fields';
import { leaseLost } from './queue';
import { rankingOf } from './roster/agent-facts';
import type { RankingToCheck, RosterView } from './roster/roster-view';
import type { StatusEvents } from './status-events';
import { memberMark } from './storm-log/member-mark';
import type { RedisTicketActions } from './ticket-actions';
import type { RedisTicketIndex } from './ticket-index';
import { Batcher } from './batcher';

/** Outdated rankings in a row after which a commit fails: the roster changes faster than this process can rank. */
const MOST_RANKINGS = 100;

/**
 * Number of commits at which a command leaves at once. Chosen from 4, 8 and 16 on the load that
 * `tools:bench --only=queue-processing` measures.
 */
const ENOUGH_COMMITS = 8;

const NO_RANKING: RankingToCheck = { facts: '[]', best: undefined, candidates: '', busy: '' };

type CommitFields = Omit<Call<'tickets/commit'>[1][number], 'facts' | 'candidates' | 'busy'>;

interface Commit {
  readonly claim: Claim;
  readonly decision: Decision;
  /** The arguments that do not depend on the ranking. */
  readonly fields: CommitFields;
}

interface RankedCommit extends Commit {
  readonly ranking: RankingToCheck;
}

interface CommitAnswer extends RankedCommit {
  readonly reply: LuaReply;
}

/** Reads the record of a ticket. */
export type FieldReader = (ticketId: string) => Promise<Record<string, string>>;

/** Tickets in Redis, at every stage. */
export class RedisTickets implements TicketStore {
  private readonly batcher = new Batcher<Commit, CommitAnswer>((commits) => this.commitAll(commits), ENOUGH_COMMITS);

  constructor(
    private readonly lua: LuaCommands,
    private readonly read: FieldReader,
    private readonly index: RedisTicketIndex,
    private readonly actions: RedisTicketActions,
    private readonly roster: RosterView,
    private readonly statusEvents: StatusEvents,
    private readonly clock: TimerClock,
    private readonly options: BrokerOptions,
  ) {}

  /** @throws SmartSupportError `corrupt` for a corrupt record */
  async get(ticketId: string): Promise<TicketRecord | undefined> {
    const found = new Map(Object.entries(await this.read(ticketId)));
    return found.size === 0 ? undefined : recordOf(ticketId, found);
  }

  /** See {@link TicketStore}. Corrupt records are left out. */
  list(query: TicketQuery): Promise<TicketPage> {
    return listTickets(this.index, query);
  }

  /** See {@link TicketStore}. Tickets that have expired a short time ago may still count. */
  count(query: TicketCountQuery): Promise<TicketCounts> {
    return countTickets(this.index, query);
  }

  /** See {@link TicketStore}. */
  reassign(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.reassign(ticketId, actor);
  }

  /** See {@link TicketStore}. */
  amend(ticketId: string, changes: TicketChanges, actor: Actor): Promise<TicketRecord> {
    return this.actions.amend(ticketId, changes, actor);
  }

  /** See {@link TicketStore}. */
  cancel(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.cancel(ticketId, actor);
  }

  /** See {@link TicketStore}. */
  reopen(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.reopen(ticketId, actor);
  }

  /** See {@link TicketStore}. */
  note(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.note(ticketId, actor);
  }

  /** Ranks in this process; ranks again if the store has changed. Commits at the same moment share a command. */
  async commit(claim: Claim, decision: Decision): Promise<TicketRecord> {
    refuseUnusable(decision);
    // An invalid decision is refused here, so that it does not fail together with others.
    const commit = { claim, decision, fields: this.fieldsOf(claim, decision) };
    for (let tries = 0; tries < MOST_RANKINGS; tries += 1) {
      for (const answer of await this.batcher.sendBatched([commit])) {
        const record = this.committed(answer);
        if (record !== 'stale') return record;
      }
    }
    throw new SmartSupportError('internal', 'The agents changed too often to commit a ticket');
  }

  private async commitAll(commits: readonly Commit[]): Promise<CommitAnswer[]> {
    const ranked = commits.map((commit) => ({ ...commit, ranking: this.rankingFor(commit.decision) }));
    const [view, ...replies] = list(
      await this.lua.run(
        'tickets/commit',
        { retention_ms: this.options.retentionMs, roster_version: this.roster.version },
        ranked.map(({ fields, ranking: { facts, candidates, busy } }) => ({ ...fields, facts, candidates, busy })),
        this.roster.ranked(),
      ),
    );
    if (view !== '') this.roster.update(view);
    return ranked.map((commit, index) => ({ ...commit, reply: replies[index] ?? null }));
  }

  private rankingFor({ category, storm }: Decision): RankingToCheck {
    // A suppressed ticket gets no agent.
    return storm?.routing === 'suppressed' ? NO_RANKING : this.rankNext(category);
  }

  private rankNext(category: Category): RankingToCheck {
    const ranking = this.roster.rank(category);
    // Before the reply, so that the next ranking of this process includes the assignment.
    this.roster.expectGiven(ranking.best, this.clock.now());
    return ranking;
  }

  private fieldsOf({ record: { ticket }, token }: Claim, decision: Decision): CommitFields {
    const { category, urgency_score, storm } = decision;
    const { id, epoch, similarity, doubts } = storm?.incident ?? { id: '', epoch: '', similarity: 1, doubts: [] };
    const alert = decision.explanation.urgency?.alert === true;
    const key = waitingKey(Date.parse(ticket.received_at), urgency_score, this.options.waitAgeingMs);
    if (!Number.isFinite(key))
      throw new SmartSupportError('internal', `Ticket "${ticket.id}" has no valid time of arrival`);
    return {
      id: ticket.id,
      token,
      category,
      urgency: urgency_score,
      wait_key: key,
      decision: decisionField(decision),
      flags: flagsField(decision),
      event_id: alert ? urgentEventId(ticket.id) : '',
      event_head: alert ? urgentEventHead({ ...ticket, ...decided(decision) }) : '',
      incident: id,
      epoch,
      similarity,
      routing: storm?.routing ?? 'routed',
      mark: memberMark(storm?.routed_signal ?? null, doubts),
    };
  }

  private committed({ claim, decision, ranking, reply }: CommitAnswer): TicketRecord | 'stale' {
    const [name, first, decidedMs, incident, duplicate] = named(reply);
    switch (name) {
      case 'assigned':
      case 'waiting':
      case 'suppressed':
      case 'completed': {
        const outcome: CommitOutcome = {
          status: name,
          agent: text(first) || null,
          decidedAt: new Date(number(decidedMs)).toISOString(),
          incident: text(incident) || null,
          isDuplicate: duplicate === '1',
        };
        const record = committedRecord(claim.record, decision, outcome, ranking.facts);
        this.statusEvents.emit(record.ticket);
        return record;
      }
      case 'incident_changed':
        throw incidentChanged(claim, decision);
      case 'already':
        return recordOf(claim.record.ticket.id, fields(first));
      case 'stale':
        return 'stale';
      case 'lease_lost':
        throw leaseLost(claim);
      case 'corrupt':
        // As the server reports it for a whole command.
        throw storeError(Object.assign(new Error(text(first)), { name: 'ReplyError' }));
      default:
        throw unknownReply('tickets/commit', name);
    }
  }

  /**
   * Frees the slot even if the record is corrupt.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`, `corrupt`
   */
  async complete(ticketId: string, corrections: Corrections): Promise<TicketRecord> {
    const given = givenOnly(corrections);
    const reply = await this.lua.run('tickets/complete', {
      id: ticketId,
      corrections: given === null ? '' : JSON.stringify(given),
      retention_ms: this.options.retentionMs,
    });
    const [name, first, served] = named(reply);
    switch (name) {
      case 'completed': {
        // First, because it has happened even if the record is corrupt.
        this.statusEvents.emitServed(texts(served));
        const record = recordOf(ticketId, fields(first));
        this.statusEvents.emit(record.ticket);
        return record;
      }
      case 'repeated':
        return recordOf(ticketId, fields(first));
      case 'not_found':
        throw new SmartSupportError('not_found', `There is no ticket "${ticketId}"`);
      case 'not_assigned':
        throw new SmartSupportError(
          'transition_not_allowed',
          `Ticket "${ticketId}" is ${text(first)}; only an assigned ticket can be completed`,
        );
      default:
        throw unknownReply('tickets/complete', name);
    }
  }
}

/** The outcome of a commit. */
interface CommitOutcome {
  readonly status: 'assigned' | 'waiting' | 'suppressed' | 'completed';
  readonly agent: string | null;
  readonly decidedAt: string;
  readonly incident: string | null;
  readonly isDuplicate: boolean;
}

function committedRecord(
  { ticket, explanation, ...kept }: TicketRecord,
  decision: Decision,
  { status, agent, decidedAt, incident, isDuplicate }: CommitOutcome,
  facts: string,
): TicketRecord {
  let ranking: readonly RankedAgent[] | undefined;
  const isRouted = status === 'assigned' || status === 'waiting';
  return {
    ticket: {
      ...ticket,
      ...decided(decision),
      status,
      assigned_agent: agent,
      is_duplicate: isDuplicate,
      master_incident_id: incident,
      ...(status === 'completed' ? { completed_at: decidedAt, resolution: 'incident' } : {}),
    },
    explanation: {
      ...explanation,
      ...decision.explanation,
      assignment: isRouted
        ? {
            how: status === 'assigned' ? 'ranked' : 'waiting',
            decided_at: decidedAt,
            agent_id: agent,
            // Computed on demand: a worker never reads it.
            get agents() {
              return (ranking ??= rankingOf(decision.category, facts, agent));
            },
          }
        : null,
    },
    ...kept,
  };
}

function incidentChanged({ record }: Claim, { storm }: Decision): SmartSupportError {
  const [ticket, incident] = [record.ticket.id, storm?.incident?.id];
  return new SmartSupportError(
    'incident_changed',
    `Incident "${incident}" of ticket "${ticket}" has changed meanwhile`,
  );
}
