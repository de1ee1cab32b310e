import { z } from 'zod';
import { agentIdSchema } from './agent';
import { type TicketAction } from './life-tables';
import { correctionsSchema, ticketIdSchema, type Corrections } from './ticket';

/** Longest note about an action, in characters (UTF-16 code units). */
export const MAX_NOTE_LENGTH = 1000;

/** Actions of a ticket's history that are kept; of more, the latest. */
export const MAX_HISTORY = 100;

/** Why somebody does something to a ticket. */
const note = z
  .string()
  .max(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`)
  .transform((text) => text.toWellFormed().trim() || null)
  .nullish()
  .transform((text) => text ?? null);

/** The body of `POST /tickets/<id>/reassign`, `cancel` and `reopen`. */
export const noteSchema = z.strictObject({ note });

/** The body of `POST /tickets/<id>/note`. */
export const ticketNoteSchema = z.strictObject({
  note: note.pipe(z.string('must say something')),
  /** Names the note: one that the history has already is a repeat. Of the alphabet of ticket ids. */
  note_id: ticketIdSchema.optional(),
});

/** The body of `PATCH /tickets/<id>`: at least one change. */
export const ticketPatchSchema = z
  .strictObject({
    /** The agent that gets the ticket. */
    agent: agentIdSchema.optional(),
    /** Also where the agent is full or away. */
    force: z.boolean().default(false),
    category: correctionsSchema.shape.category.unwrap().unwrap().optional(),
    urgency_score: correctionsSchema.shape.urgency_score.unwrap().unwrap().optional(),
    note,
  })
  .refine(
    ({ agent, category, urgency_score }) => (agent ?? category ?? urgency_score) !== undefined,
    'must have an agent, a category or an urgency_score',
  );

/** See {@link ticketPatchSchema}. */
export type TicketPatch = z.infer<typeof ticketPatchSchema>;

/** What a person changes of a ticket. */
export type TicketChanges = Partial<Omit<TicketPatch, 'note'>>;

/** Who does something to a ticket, and why. */
export interface Actor {
  /** Name of the API key; `null` where callers need none. */
  readonly by: string | null;
  readonly note: string | null;
  /** Of the action `note`: names it, so that a repeat changes nothing. Of the alphabet of ticket ids. */
  readonly note_id?: string | undefined;
}

/** What a person did to a ticket. */
export interface HistoryEntry extends Actor {
  readonly action: TicketAction;
  /** ISO 8601. */
  readonly at: string;
  /** The agent that had it before; `null` for none. */
  readonly from_agent: string | null;
  /** The agent that has it afterwards; `null` for none. */
  readonly to_agent: string | null;
  /** What was corrected; `null` for nothing. */
  readonly corrections: Corrections | null;
}
