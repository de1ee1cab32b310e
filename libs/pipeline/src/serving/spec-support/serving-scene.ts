import type { AgentInput, LocalBroker, TimerClock } from '@smart-support/contracts';
import type { TicketModels } from '../../models';
import type { OfferedTicket } from '../../offered-ticket';
import { createServing, type Serving } from '../create-serving';
import type { Submission } from '../serving-broker';
import { BrokerWithASwitch } from './broker-with-a-switch';
import { BY_HAND } from './by-hand-models';

/** The one agent of most scenes, with a hundred slots. */
export const ADA: AgentInput = {
  name: 'Ada',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 100,
  status: 'available',
};

/** A process that serves from its own broker and from a shared one. */
export interface Scene extends Serving {
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
  /** {@link BY_HAND} by default. */
  readonly models?: TicketModels;
  /** As in the options of both brokers; their default by default. */
  readonly duplicateMs?: number;
}

/** Puts a scene together; nothing is started, and the store is away. */
export function aScene({ clock, local, behind, models = BY_HAND, ...more }: SceneParts): Scene {
  const store = new BrokerWithASwitch(behind);
  const told: string[] = [];
  const serving = createServing({
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

/** A ticket with an id of its client's; the text follows from the id unless told otherwise. */
export function withId(id: string, text = `text of ${id}`): OfferedTicket {
  return { input: { text, id } };
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
