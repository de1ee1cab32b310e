import { z } from 'zod';
import type { Category } from './categories';
import { unitIntervalSchema } from './ticket';

/** An agent's id: the same alphabet as a ticket's, at most 64 characters. */
export const agentIdSchema = z
  .string()
  .regex(/^[A-Z0-9][\w.:@-]{0,63}$/i, 'must be 1 to 64 letters, digits or . _ : @ -, starting with a letter or digit');

const skill = unitIntervalSchema.exactOptional();
const skillShape = { Billing: skill, Technical: skill, Legal: skill } satisfies Record<Category, typeof skill>;

/** The body of `PUT /agents/<id>`. */
export const agentInputSchema = z.object({
  name: z
    .string()
    .max(200)
    .refine((name) => name.trim().length > 0, 'must not be empty')
    .transform((name) => name.toWellFormed()),
  /** How good the agent is at each category, in [0, 1]; a category left out, or 0, is never given to this agent. */
  skills: z.strictObject(skillShape),
  /** Tickets at once; 0 takes none. */
  capacity: z.int().min(0).max(10_000),
  status: z.enum(['available', 'away']),
});

/** See {@link agentInputSchema}. */
export type AgentInput = z.infer<typeof agentInputSchema>;

/** An agent with its id, as rosters list it. */
export const agentProfileSchema = agentInputSchema.extend({ id: agentIdSchema });

/** See {@link agentProfileSchema}. */
export type AgentProfile = z.infer<typeof agentProfileSchema>;

/** A roster file. Its reader checks that no id is listed twice. */
export const rosterSchema = z.object({ agents: z.array(agentProfileSchema).max(10_000) });

/** See {@link rosterSchema}. */
export type Roster = z.infer<typeof rosterSchema>;

/** An agent as `GET /agents` answers it. */
export const agentSchema = agentProfileSchema.extend({
  /** Open tickets; above `capacity` only after the capacity was lowered or tickets were carried over. */
  load: z.int().nonnegative(),
  /** ISO 8601 time since when the agent has been given nothing. */
  idle_since: z.string(),
});

/** See {@link agentSchema}. */
export type Agent = z.infer<typeof agentSchema>;

/**
 * Why an agent got a ticket or did not.
 * `chosen` won; `lower_score` and `less_idle` were candidates (the second lost a tie: another was idle for longer);
 * the others were no candidates.
 */
export const AGENT_OUTCOMES = ['chosen', 'lower_score', 'less_idle', 'no_skill', 'no_capacity', 'away'] as const;

/** One of {@link AGENT_OUTCOMES}. */
export type AgentOutcome = (typeof AGENT_OUTCOMES)[number];

/** One agent's place in a ranking. */
export interface RankedAgent {
  readonly agent_id: string;
  readonly outcome: AgentOutcome;
  /** `skill x (1 - load / capacity)`, 0 where the agent is no candidate. */
  readonly score: number;
  /** Load and capacity that the score was computed from. */
  readonly load: number;
  readonly capacity: number;
}
