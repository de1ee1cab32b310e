import {
  SmartSupportError,
  type BrokerOptions,
  type Claim,
  type StormArrival,
  type StormVerdict,
  type Storms,
} from '@smart-support/contracts';
import { type IncidentChange, type SeedReference, entryToJson } from '@smart-support/storm';
import { UPDATED_EVERY_MS, incidentTitle, TICK_MS, arrivedEntry } from '@smart-support/broker/rules';
import { Batcher } from './batcher';
import type { LuaCommands } from './commands/lua-commands';
import { list, text, texts } from './commands/replies';
import { recordOf } from './records/ticket-fields';
import { leaseLost } from './queue';
import type { RedisIncidents } from './incidents';
import type { FieldReader } from './tickets';
import type { StatusEvents } from './status-events';
import { LogFollower } from './storm-log/log-follower';
import { PAGE } from './storm-log/log-pages';
import { memberMark } from './storm-log/member-mark';
import { RedisBursts } from './storm-log/bursts';

/** Tickets with which a command is sent at once, as for commits. */
const ENOUGH_ARRIVALS = 8;

/** Most tickets that join an incident in one command. */
const MOST_JOINING = 200;

/** Most commands that settle members of one incident in one round. */
const COMMANDS_PER_ROUND = 100;

/** Rounds of the leader between two snapshots. */
const ROUNDS_PER_SNAPSHOT = 30;

/** The verdict about a ticket, or why it is not in the log. */
type Noted = StormVerdict | 'lease_lost' | 'corrupt';

/** The verdict about a doubtful member of a resolved incident: it is routed, and no part of a storm. */
const RELEASED = { routing: 'routed', incident: null, routed_signal: null, kept_out: 'doubtful_member' } as const;

interface Noting {
  readonly claim: Claim;
  /** As JSON. */
  readonly entry: string;
  /** See {@link StormArrival.isAlwaysRouted}. */
  readonly isAlwaysRouted: boolean;
}

/** Storms across all workers: one log in the store, which each process follows. */
export class RedisStorms implements Storms {
  private readonly follower: LogFollower;
  private readonly bursts: RedisBursts;
  private readonly batcher = new Batcher<Noting, Noted>((items) => this.noteAll(items), ENOUGH_ARRIVALS);
  /** Claims that were judged already. They are judged again after a commit found that their incident has changed. */
  private readonly judged = new WeakSet<Claim>();
  private rounds = 0;

  constructor(
    private readonly lua: LuaCommands,
    private readonly read: FieldReader,
    private readonly incidents: Pick<RedisIncidents, 'settleMembers' | 'confirm'>,
    private readonly statusEvents: StatusEvents,
    options: BrokerOptions,
    seedReference: SeedReference,
  ) {
    this.follower = new LogFollower(lua, options.storm, (change) => this.writeRecord(change));
    this.bursts = new RedisBursts(lua, this.follower, incidents, options, seedReference);
  }

  /** See {@link Storms.judge}. Tickets judged at the same moment share a command, which also returns the entries of other processes. */
  async judge(claim: Claim, arrival: StormArrival): Promise<StormVerdict> {
    const { ticket } = claim.record;
    const entry = entryToJson(arrivedEntry(ticket, arrival));
    await this.follower.ensureLoaded();
    const [verdict = 'lease_lost'] = await this.batcher.sendBatched([
      { claim, entry, isAlwaysRouted: arrival.isAlwaysRouted },
    ]);
    if (verdict === 'lease_lost') throw leaseLost(claim);
    if (verdict === 'corrupt') throw new SmartSupportError('corrupt', `The record of ticket "${ticket.id}" is corrupt`);
    const isRepeat = this.judged.has(claim);
    this.judged.add(claim);
    if (!isRepeat || !verdict.incident || (await this.isOnRecord(verdict.incident.id))) return verdict;
    // The store may have lost the record but not the log.
    if (await this.follower.actAgain(verdict.incident.id)) return verdict;
    // The incident has no record any more, so that nothing would end the suppression: an agent gets the ticket.
    return { ...verdict, routing: 'routed', incident: null, routed_signal: null };
  }

  private async isOnRecord(incidentId: string): Promise<boolean> {
    return list(await this.lua.run('incidents/get', { id: incidentId })).length > 0;
  }

  /** Reads the log, lets time pass, notifies of grown incidents, and settles their members. Safe to run in two processes at once. */
  async advance(): Promise<void> {
    await this.follower.follow();
    if (this.follower.detector.isWaiting) {
      await this.lua.run('storms/tick', { entry: entryToJson({ kind: 'tick' }), interval_ms: TICK_MS });
      await this.follower.follow();
    }
    for (const id of texts(await this.lua.run('storms/emit-events', { interval_ms: UPDATED_EVERY_MS })))
      await this.incidents.settleMembers(id, COMMANDS_PER_ROUND);
  }

  /** The work of the leader: looks for bursts, and stores a snapshot from time to time. */
  async lead(): Promise<void> {
    this.rounds += 1;
    if (this.rounds % ROUNDS_PER_SNAPSHOT === 0) await this.follower.saveSnapshot();
    await this.bursts.lookForBursts();
  }

  private async noteAll(items: readonly Noting[]): Promise<Noted[]> {
    const noted = await this.append(items, false);
    // Logged so long ago that the detector has dropped it: it is logged again, as a new one.
    const isForgotten = (item: Noting, index: number): boolean =>
      typeof noted[index] === 'object' && !this.follower.detector.isKnown(item.claim.record.ticket.id);
    const forgotten = items.filter(isForgotten);
    if (forgotten.length === 0) return noted;
    const again = await this.append(forgotten, true);
    const verdicts = new Map(forgotten.map((item, index) => [item, again[index]]));
    return items.map((item, index) => verdicts.get(item) ?? noted[index] ?? 'lease_lost');
  }

  private async append(items: readonly Noting[], isAgain: boolean): Promise<Noted[]> {
    const { position, rulesEntry } = this.follower;
    const noting = items.map(({ claim: { record, token }, entry, isAlwaysRouted }) => ({
      ...{ id: record.ticket.id, token, entry },
      is_always_routed: isAlwaysRouted ? '1' : '',
    }));
    const args = { last: position, limit: PAGE, rules: rulesEntry, is_again: isAgain ? '1' : '' };
    const reply = await this.lua.run('storms/append', args, noting);
    const [page, ...outcomes] = list(reply);
    const ids = items.map(({ claim }) => claim.record.ticket.id);
    const verdicts = await this.follower.readPage(page, ids);
    return items.map((_, index) => {
      if (Array.isArray(outcomes[index])) {
        const [id = '', similarity] = texts(outcomes[index]);
        return { ...RELEASED, nearest: { id, similarity: Number(similarity) } };
      }
      const outcome = text(outcomes[index]);
      const verdict = verdicts[index];
      if (outcome === 'noted' && verdict) return verdict;
      return outcome === 'corrupt' ? 'corrupt' : 'lease_lost';
    });
  }

  /** Writes a change to the record of its incident, for processes that do not follow the log. */
  private async writeRecord(change: IncidentChange): Promise<void> {
    // Its commit writes that a ticket has joined, unless it is committed already.
    if (isJoiningOnly(change)) return;
    const title = await this.titleOf(change);
    const { joined } = change;
    for (let start = 0; start === 0 || start < joined.length; start += MOST_JOINING) {
      const reply = await this.lua.run('storms/write-record', {
        id: change.incident_id,
        epoch: change.epoch,
        status: change.status,
        title,
        is_degraded: change.degraded,
        opened_ms: change.opened_ms ?? '',
        last_member_ms: change.last_member_ms,
        closed_ms: change.closed_ms ?? '',
        previous: change.previous_incident_id ?? '',
        representative: change.representative_ticket_id ?? '',
        quiet_ms: this.follower.detector.rulesInForce.quietMs,
        is_known: change.is_notified,
        is_held: change.held !== null,
        left: start === 0 ? change.left : [],
        joined: joined
          .slice(start, start + MOST_JOINING)
          .map(({ ticket_id, similarity, routed_signal, doubts }) => [
            ticket_id,
            String(similarity),
            memberMark(routed_signal, doubts),
          ]),
      });
      this.statusEvents.emitForIds(texts(reply), 'suppressed');
    }
  }

  private async titleOf({ title, status, representative_ticket_id: id, joined }: IncidentChange): Promise<string> {
    if (title !== null) return title;
    if (id === null || joined.length === 0 || status === 'gone') return '';
    try {
      const found = new Map(Object.entries(await this.read(id)));
      return found.size === 0 ? '' : incidentTitle(recordOf(id, found).ticket);
    } catch {
      // A corrupt ticket must not prevent the incident.
      return '';
    }
  }
}

/** Whether a change only adds a newcomer to an open incident. */
function isJoiningOnly({ status, joined, left, has_new_status }: IncidentChange): boolean {
  return status === 'open' && left.length === 0 && !has_new_status && !joined.some(({ is_decided }) => is_decided);
}
