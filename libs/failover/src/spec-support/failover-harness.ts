import type { AgentInput, LocalBroker, TimerClock } from '@smart-support/contracts';
import type { TicketModels, OfferedTicket } from '@smart-support/pipeline';
import { createFailover, type Failover } from '../create-failover';
import type { Submission } from '../failover-service';
import { FaultyBroker } from './faulty-broker';
import { SCRIPTED_MODELS } from '@smart-support/testing';

/** The only agent of most tests, with a hundred slots. */
export const ADA: AgentInput = {
  name: 'Ada',
  skills: { Billing: 1, Technical: 1, Legal: 1 },
  capacity: 100,
  status: 'available',
};

/** A process with a local and a shared broker. */
export interface FailoverHarness extends Failover {
  readonly store: FaultyBroker;
  /** Everything that the failover reported, in order. */
  readonly events: string[];
}

/** Dependencies of a {@link FailoverHarness}. */
export interface HarnessParts {
  readonly clock: TimerClock;
  readonly local: LocalBroker;
  /** The broker behind the store. */
  readonly behind: LocalBroker;
  /** {@link SCRIPTED_MODELS} by default. */
  readonly models?: TicketModels;
  /** As in the options of both brokers; their default by default. */
  readonly duplicateMs?: number;
}

/** Creates a harness: not started, and the store is away. */
export function createHarness({
  clock,
  local,
  behind,
  models = SCRIPTED_MODELS,
  ...more
}: HarnessParts): FailoverHarness {
  const store = new FaultyBroker(behind);
  const events: string[] = [];
  const serving = createFailover({
    local,
    shared: store,
    roster: [{ id: 'ada', ...ADA }],
    clock,
    models,
    ...more,
    alertThreshold: 0.8,
    onMode: (mode) => events.push(mode),
    onMoved: (id) => events.push(`moved ${id}`),
    onError: (error) => events.push(`error ${error instanceof Error && 'code' in error ? String(error.code) : ''}`),
  });
  return { ...serving, store, events };
}

/** A ticket with an `Idempotency-Key`. */
export function withKey(idempotencyKey: string, text = `text of ${idempotencyKey}`): OfferedTicket {
  return { input: { text }, idempotencyKey };
}

/** A ticket without id and key, of one requester. */
export function sentBy(requester: string, text = `text of ${requester}`, subject?: string): OfferedTicket {
  return { input: { text, requester, ...(subject === undefined ? {} : { subject }) } };
}

/** A submission in three words: how, the outcome, the id. */
export function summaryOf(submission: Submission): string {
  if (submission.how === 'unknown') return `unknown ${submission.ticket_id}`;
  const { how, result } = submission;
  if (result.outcome === 'full') return `${how} full`;
  return `${how} ${result.outcome} ${'record' in result ? result.record.ticket.id : result.ticket_id}`;
}
