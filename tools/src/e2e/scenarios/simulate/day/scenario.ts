/** The scenarios of the day by name: also what the ids of their tickets begin with. */
export const SCENARIO_IDS = [
  'office',
  'spike',
  'verbatim',
  'angry',
  'paraphrased',
  'slow',
  'kill',
  'letters',
  'redis',
] as const;

/** One of {@link SCENARIO_IDS}. */
export type ScenarioId = (typeof SCENARIO_IDS)[number];

/** A ticket that will be sent. */
export interface PlannedTicket {
  /** Milliseconds from the beginning of the day. */
  readonly atMs: number;
  readonly id: string;
  readonly scenario: ScenarioId;
  readonly text: string;
  readonly requester: string;
}

/** Something that is done to the engine, by an operator or as a fault. */
export type Action =
  /** Every run of a model takes so much longer; 0 ends it. */
  | { readonly kind: 'slow-model'; readonly delayMs: number }
  | { readonly kind: 'kill-worker'; readonly worker: number }
  | { readonly kind: 'kill-redis' }
  | { readonly kind: 'restart-redis' }
  /** An operator ends the incident that tickets of this scenario opened. */
  | { readonly kind: 'resolve' | 'reject'; readonly incidentOf: ScenarioId };

/** When something is done. */
export interface PlannedAction {
  readonly atMs: number;
  readonly action: Action;
}

/** A part of the day. */
export interface Scenario {
  readonly id: ScenarioId;
  /** A few words, for plots. */
  readonly title: string;
  /** What happens and what should come of it. */
  readonly story: string;
  /** Milliseconds from the beginning of the day. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly tickets: readonly PlannedTicket[];
  readonly actions: readonly PlannedAction[];
}

/** The scenario that a ticket of the simulation belongs to; undefined for any other ticket. */
export function scenarioOfTicket(ticketId: string): ScenarioId | undefined {
  return SCENARIO_IDS.find((scenario) => ticketId.startsWith(`${scenario}-`));
}
