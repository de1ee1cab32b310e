import type {
  AcceptResult,
  AgentSlots,
  DeadLetters,
  Incidents,
  QueueReport,
  TicketStore,
  WorkerStatus,
} from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';

/** `async`: tickets go on the shared queue, workers route them. `sync`: they are routed in this process while their request waits. */
export type Mode = 'async' | 'sync';

/** The outcome of offering a ticket. */
export type Submission =
  /** It is on the shared queue, or was there before; or it was refused there. */
  | { readonly how: 'queued'; readonly result: AcceptResult }
  /** It was routed in this process, or had been before; or it was refused here. */
  | { readonly how: 'routed'; readonly result: AcceptResult }
  /** It may be on the shared queue. Sending it again under this id (or with its key) is safe. */
  | { readonly how: 'unknown'; readonly ticket_id: string };

/** Both brokers as one: callers need not know which of them serves. */
export interface FailoverService {
  readonly mode: Mode;
  /** Accepts one ticket; repeats never start it twice, whichever broker has it. */
  submit(offered: OfferedTicket): Promise<Submission>;
  /**
   * A ticket is looked for, and changed, in the broker that has it. Lists and counts are those of the broker that serves now: while the shared one is away, of the
   * tickets that came in the meantime. @throws SmartSupportError `unavailable` in addition, where only the shared broker may have a ticket, and it is away
   */
  readonly tickets: Omit<TicketStore, 'commit'>;
  report(): Promise<QueueReport>;
  /** Changes are refused as `unavailable` while the shared agents cannot be reached: they would be lost. */
  readonly agents: Omit<AgentSlots, 'seed'>;
  readonly deadLetters: DeadLetters;
  /** Of both brokers: what opened while the shared one was away stays here until it ends. @throws SmartSupportError `unavailable` in addition */
  readonly incidents: Incidents;
  /** Workers behind the shared queue; none while it is away. */
  workers(): Promise<readonly WorkerStatus[]>;
  /** Starts to follow the availability of the shared broker, to hand over finished tickets and to copy the roster. */
  start(): void;
  /** Hands over what can be handed over, and stops. Closes no broker. */
  stop(): Promise<void>;
}
