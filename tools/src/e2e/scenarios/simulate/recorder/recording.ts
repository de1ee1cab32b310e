import type { Incident, IncidentStatus } from '@smart-support/contracts';
import type { ScenarioId } from '../day/scenario';
import type { Finding } from '../../../audit/finding';
import type { ChangedSetting } from '../settings';

/** The state of the engine at a moment, over HTTP and by the logs. */
export interface Sample {
  /** Milliseconds from the beginning of the day. */
  readonly atMs: number;
  readonly mode: 'async' | 'sync';
  readonly breaker: 'closed' | 'open';
  readonly redis: 'up' | 'down' | 'off';
  /** Tickets not yet in work. */
  readonly queued: number;
  readonly waiting: Readonly<Record<string, number>>;
  /** Tickets that wait for the end of an incident, by the logs. */
  readonly suppressed: number;
  /** Open tickets of each agent, by id. */
  readonly loads: Readonly<Record<string, number>>;
  /** Workers that take tickets, as seen from outside. */
  readonly workers: number;
}

/** One attempt to submit a ticket. */
export interface Post {
  readonly atMs: number;
  readonly scenario: ScenarioId;
  readonly waitedMs: number;
  /** 0 without an answer. */
  readonly status: number;
}

/** A change of a ticket's status, by the log of the process that made it. */
export interface StatusChange {
  readonly atMs: number;
  readonly ticketId: string;
  readonly status: string;
}

/** An action of an operator, or a fault. */
export interface Mark {
  readonly atMs: number;
  /** A word or two, for plots. */
  readonly title: string;
  /** A sentence. */
  readonly text: string;
}

/** A scenario as it was played. */
export interface PlayedScenario {
  readonly id: ScenarioId;
  readonly title: string;
  readonly story: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tickets: number;
  /** Its outcome, in a sentence. */
  readonly outcome: string;
}

/** An incident as it was last seen. */
export interface RecordedIncident extends Omit<Incident, 'status'> {
  /** `gone` for a suspected incident that was not confirmed. */
  readonly status: IncidentStatus | 'gone';
  /** The scenario that its tickets belong to; more than one would be wrong. */
  readonly scenarios: readonly ScenarioId[];
  /** When it was first and last seen on the list, in milliseconds from the beginning of the day. */
  readonly seenFromMs: number;
  readonly seenToMs: number;
}

/** Everything that the report is drawn from. */
export interface Recording {
  readonly seed: number;
  readonly isShort: boolean;
  readonly startedAt: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: readonly ChangedSetting[];
  /** Milliseconds from the beginning of the day until the engine was idle. */
  readonly lengthMs: number;
  readonly scenarios: readonly PlayedScenario[];
  readonly marks: readonly Mark[];
  readonly samples: readonly Sample[];
  readonly posts: readonly Post[];
  /** Milliseconds from the first attempt to submit each ticket to the engine's decision about it. */
  readonly decisions: readonly { readonly atMs: number; readonly tookMs: number }[];
  readonly agents: readonly { readonly id: string; readonly name: string; readonly capacity: number }[];
  readonly incidents: readonly RecordedIncident[];
  readonly findings: readonly Finding[];
  /** Numbers that are reported and not judged. */
  readonly numbers: Readonly<Record<string, number>>;
}
