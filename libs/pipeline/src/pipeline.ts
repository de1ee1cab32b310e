import { randomUUID } from 'node:crypto';
import {
  type AcceptResult,
  type Broker,
  type Claim,
  type ExplanationReport,
  type NewTicket,
  type TicketRecord,
  type TimerClock,
  type UrgencyPrediction,
  SmartSupportError,
  isSmartSupportError,
  isStoreAway,
  isStoreAwayOrClosed,
  systemClock,
} from '@smart-support/contracts';
import { duplicateKeyOf, type OfferedTicket } from './offered-ticket';
import { explain } from './explain';
import { judgeStorm } from './storm-arrival';
import type { PipelineObserver } from './observer';
import { type Understanding, type UnderstandingDependencies, textOf, understand } from './understand';

/**
 * Baseline urgency from which a ticket enters the urgent lane. Lower than the alert threshold on purpose:
 * the lane only decides which tickets are processed first, so a false positive costs little and a miss costs minutes.
 * At 0.6 it includes nearly all tickets that turn out urgent ("The urgent lane" in `data/report.md`).
 */
export const URGENT_LANE_THRESHOLD = 0.6;

/** What a {@link Pipeline} works with. It owns none of it. */
export interface PipelineDependencies extends Omit<
  UnderstandingDependencies,
  'observer' | 'clock' | 'novelSignals' | 'alwaysRoutedSignals' | 'isMachine' | 'isVouched'
> {
  readonly broker: Broker;
  /** None by default. */
  readonly novelSignals?: readonly string[];
  /** None by default. */
  readonly alwaysRoutedSignals?: readonly string[];
  /** Whether a program sent a ticket; people send all by default. */
  readonly isMachine?: UnderstandingDependencies['isMachine'];
  /** Whether its caller vouches for the requester of a ticket; all do by default. */
  readonly isVouched?: UnderstandingDependencies['isVouched'];
  /** Measures the stages, and waits before a commit is sent again; the machine's own by default. */
  readonly clock?: TimerClock;
  readonly observer?: PipelineObserver;
  /** Makes ids for tickets that bring none. Default: random UUIDs. */
  readonly newId?: () => string;
}

/** What happens to one ticket, in the order in which it happens. */
export interface Pipeline {
  /** Gives tickets an id and a lane and offers them to the queue; one result each, in order. */
  accept(offered: readonly OfferedTicket[]): Promise<AcceptResult[]>;
  /**
   * Understands a claimed ticket and commits what was decided. An error gives the ticket back to the queue, never to the caller;
   * `undefined` if another claim owns the ticket by now.
   */
  processClaim(claim: Claim): Promise<TicketRecord | undefined>;
  /**
   * The whole way at once, in this process: accept, claim, work. Used where no worker stands behind the queue.
   * @param mayEnter - called right before the ticket is offered, without a pause in between; throws to refuse it
   */
  route(offered: OfferedTicket, mayEnter?: () => void): Promise<AcceptResult>;
  /** Why a ticket went where it went. */
  explain(record: TicketRecord): Promise<ExplanationReport>;
}

/** A ticket before it is enqueued, with the baseline's urgency that chose its lane. */
interface ScoredTicket {
  readonly ticket: NewTicket;
  readonly prediction: UrgencyPrediction;
}

/** How often a ticket is judged anew because its incident has changed meanwhile: more often than operators act at one moment. */
const MOST_JUDGEMENTS = 10;

/** First pause before a commit is sent again; each further one is twice as long, up to the last. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 6_400;

/** Creates a pipeline on a broker and models. */
export function createPipeline(deps: PipelineDependencies): Pipeline {
  const { broker, models, clock = systemClock, observer = {}, isMachine = () => false } = deps;
  const newId = deps.newId ?? randomUUID;

  const prescore = async (offered: OfferedTicket): Promise<ScoredTicket> => {
    const { input, idempotencyKey, id, source } = offered;
    const duplicateKey = duplicateKeyOf(offered, isMachine);
    const start = clock.monotonic();
    const prediction = await models.baseline.urgency.score({ text: textOf(input) });
    observer.stage?.('lane', clock.monotonic() - start);
    const { urgency_score } = prediction;
    const ticket: NewTicket = {
      id: input.id ?? id ?? newId(),
      input,
      lane: urgency_score >= URGENT_LANE_THRESHOLD ? 'urgent' : 'normal',
      lane_urgency: urgency_score,
      ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
      ...(duplicateKey === null ? {} : { duplicate_key: duplicateKey }),
      ...(source && { source }),
    };
    return { ticket, prediction };
  };

  const offer = async (tickets: readonly NewTicket[]): Promise<AcceptResult[]> => {
    const start = clock.monotonic();
    const results = await broker.queue.accept(tickets);
    observer.stage?.('accept', clock.monotonic() - start);
    return results;
  };

  const accept = async (offered: readonly OfferedTicket[]): Promise<AcceptResult[]> => {
    const scored = await Promise.all(offered.map(prescore));
    return offer(scored.map(({ ticket }) => ticket));
  };

  const understanding: UnderstandingDependencies = {
    novelSignals: [],
    alwaysRoutedSignals: [],
    isVouched: () => true,
    ...deps,
    isMachine,
    clock,
    observer,
  };

  /** Calls are idempotent, so a call is repeated while its outcome is unknown. */
  const retryWhileUnavailable = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      try {
        return await call();
      } catch (error) {
        if (!isStoreAway(error) || pauseMs > LONGEST_PAUSE_MS) throw error;
        await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
      }
    }
  };

  const timed = async <Result>(stage: 'storm' | 'commit', call: () => Promise<Result>): Promise<Result> => {
    const start = clock.monotonic();
    const result = await retryWhileUnavailable(call);
    observer.stage?.(stage, clock.monotonic() - start);
    return result;
  };

  /** Asks whether the ticket is part of a storm, and commits the decision. */
  const judgeAndCommit = async (claim: Claim, { decision, arrival }: Understanding): Promise<TicketRecord> => {
    for (let judgements = 1; ; judgements += 1) {
      const judged = await timed('storm', () => judgeStorm(broker.storms, claim, decision, arrival));
      try {
        return await timed('commit', () => broker.tickets.commit(claim, judged));
      } catch (error) {
        if (!isSmartSupportError(error, 'incident_changed') || judgements === MOST_JUDGEMENTS) throw error;
      }
    }
  };

  const work = async (claim: Claim, scored?: UrgencyPrediction): Promise<TicketRecord | undefined> => {
    try {
      const understood = await understand(claim.record, understanding, scored);
      const record = await judgeAndCommit(claim, understood);
      if (understood.decision.explanation.urgency?.alert && isRouted(record)) observer.alert?.(record);
      for (const reason of record.ticket.review_reasons) observer.review?.(reason);
      const { storm_exclusion } = record.explanation;
      if (storm_exclusion !== null) observer.stormExclusion?.(storm_exclusion);
      return record;
    } catch (error) {
      return returnToQueue(claim, error);
    }
  };

  const returnToQueue = async (claim: Claim, error: unknown): Promise<TicketRecord | undefined> => {
    if (isSmartSupportError(error, 'lease_lost') || isSmartSupportError(error, 'closed')) return undefined;
    if (isStoreAway(error)) {
      // Nothing is wrong with the ticket. If this call does not arrive either, the sweep requeues it once the lease expires.
      await broker.queue.requeue(claim).catch(() => undefined);
      return undefined;
    }
    const { code, message, retryable } = isSmartSupportError(error)
      ? error
      : new SmartSupportError('internal', error instanceof Error ? error.message : String(error));
    try {
      const outcome = await broker.queue.fail(claim, { code, message, retryable });
      observer.failed?.(claim.record.ticket.id, error, outcome);
      return await broker.tickets.get(claim.record.ticket.id);
    } catch (second) {
      // The present owner of the lease, or the sweep once it expires, continues with the ticket.
      if (isSmartSupportError(second, 'lease_lost') || isStoreAwayOrClosed(second)) return undefined;
      throw second;
    }
  };

  const route = async (offered: OfferedTicket, beforeEnqueue: () => void = () => undefined): Promise<AcceptResult> => {
    const scored = await prescore(offered);
    beforeEnqueue();
    const [result] = await offer([scored.ticket]);
    if (!result) throw new SmartSupportError('internal', 'The queue gave no answer for an offered ticket.');
    if (result.outcome !== 'accepted') return result;
    const { id } = result.record.ticket;
    const claim = await broker.queue.claimById(id);
    const record = (claim && (await work(claim, scored.prediction))) ?? (await broker.tickets.get(id)) ?? result.record;
    return { outcome: 'accepted', record };
  };

  return { accept, processClaim: (claim) => work(claim), route, explain: (record) => explain(record, models) };
}

/** Whether a ticket goes to an agent; else it belongs to an incident, or did until just now. */
function isRouted({ ticket: { status, resolution } }: TicketRecord): boolean {
  return status !== 'suppressed' && resolution !== 'incident';
}
