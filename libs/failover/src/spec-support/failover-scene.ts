import type { AgentInput, LocalBroker, TimerClock } from '@smart-support/contracts';
import type { TicketModels, OfferedTicket } from '@smart-support/pipeline';
import { createFailover, type Failover } from '../create-failover';
import type { Submission } from '../failover-service';
import { BrokerWithASwitch } from './broker-with-a-switch';
import { SCRIPTED_MODELS } from '@smart-support/testing';

/** The one agent of most scenes, with a hundred slots. */
export const ADA: AgentInput = {
  name: 'Ada',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 100,
  status: 'available',
};

/** A process that serves from its own broker and from a shared one. */
export interface Scene extends Failover {
  readonly store: BrokerWithASwitch;
  /** Everything that serving told, in order. */
  readonly told: string[];
}

/** What a scene is made of. */
export interface SceneParts {
  readonly clock: TimerClock;
  readonly local: LocalBroker;
  /** The broker that the store is made of. */
  readonly behind: LocalBroker;
  /** {@link SCRIPTED_MODELS} by default. */
  readonly models?: TicketModels;
  /** As in the options of both brokers; their default by default. */
  readonly duplicateMs?: number;
}

/** Puts a scene together; nothing is started, and the store is away. */
export function aScene({ clock, local, behind, models = SCRIPTED_MODELS, ...more }: SceneParts): Scene {
  const store = new BrokerWithASwitch(behind);
  const told: string[] = [];
  const serving = createFailover({
    local,
    shared: store,
    roster: [{ id: 'ada', ...ADA }],
    clock,
    models,
    ...more,
    alertThreshold: 0.8,
    onMode: (mode) => told.push(mode),
    onMoved: (id) => told.push(`moved ${id}`),
    onError: (error) => told.push(`error ${error instanceof Error && 'code' in error ? String(error.code) : ''}`),
  });
  return { ...serving, store, told };
}

/** A ticket with an `Idempotency-Key`. */
export function withKey(idempotencyKey: string, text = `text of ${idempotencyKey}`): OfferedTicket {
  return { input: { text }, idempotencyKey };
}

/** A ticket that its client did not name, of one requester. */
export function sentBy(requester: string, text = `text of ${requester}`, subject?: string): OfferedTicket {
  return { input: { text, requester, ...(subject === undefined ? {} : { subject }) } };
}

/** What became of a ticket, in three words: how, the outcome, the id. */
export function inShort(submission: Submission): string {
  if (submission.how === 'unknown') return `unknown ${submission.ticket_id}`;
  const { how, result } = submission;
  if (result.outcome === 'full') return `${how} full`;
  return `${how} ${result.outcome} ${'record' in result ? result.record.ticket.id : result.ticket_id}`;
}
