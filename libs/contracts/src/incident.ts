import { z } from 'zod';
import { CATEGORIES } from './categories';
import { INCIDENT_STATUSES } from './life-tables';
import { publicTicketIdSchema, unitIntervalSchema } from './ticket';

/**
 * Why a member of an incident is doubtful: it was hardly more similar than a member must be; most members have another category; its text says something
 * that the settings call severe.
 */
export const DOUBT_REASONS = ['low_similarity', 'other_category', 'severe_signal'] as const;

/** See {@link DOUBT_REASONS}. */
export type DoubtReason = (typeof DOUBT_REASONS)[number];

/** An incident as the HTTP API answers it: many tickets, one cause. */
export const incidentSchema = z.object({
  id: z.string(),
  status: z.enum(INCIDENT_STATUSES),
  title: z.string(),
  /** The earliest of the tickets it opened with, or of those left when that one was taken out; the only one that is no duplicate. */
  representative_ticket_id: z.string(),
  member_count: z.int().nonnegative(),
  /** Distinct requesters; members without a requester count as one each. */
  requester_count: z.int().nonnegative(),
  /** Whether any pair was compared by TF-IDF because the model was away. */
  degraded: z.boolean(),
  /** Why it is only suspected although it is large enough to open: too few of its requesters are vouched for; `null` if that is not so. */
  held: z.enum(['unverified_requesters']).nullable(),
  /**
   * How many members are doubtful (see {@link DOUBT_REASONS}), and whether those that were suppressed were completed with the others or queued again;
   * `completed` is `null` unless the incident is resolved.
   */
  doubtful_members: z.object({ count: z.int().nonnegative(), completed: z.boolean().nullable() }),
  /** Members of each category. */
  categories: z.partialRecord(z.enum(CATEGORIES), z.int().nonnegative()),
  max_urgency: unitIntervalSchema,
  opened_at: z.string().nullable(),
  last_member_at: z.string(),
  closed_at: z.string().nullable(),
  /** The incident that this one continues, if any. */
  previous_incident_id: z.string().nullable(),
});

/** See {@link incidentSchema}. */
export type Incident = z.infer<typeof incidentSchema>;

/** Most tickets that an operator opens an incident with; later ones join by themselves. */
const MOST_TICKETS = 1000;

/** The body of `POST /incidents`: an incident that an operator opens with tickets. */
export const incidentInputSchema = z.object({
  title: z
    .string()
    .max(200)
    .refine((title) => title.trim().length > 0, 'must not be empty or only white space')
    .transform((title) => title.trim().toWellFormed()),
  ticket_ids: z.array(publicTicketIdSchema).min(1).max(MOST_TICKETS),
});

/** Most incidents that one request ends. */
export const MAX_ENDED_INCIDENTS = 100;

const selectionSchema = z.strictObject({
  ids: z.array(z.string().max(128)).min(1).max(MAX_ENDED_INCIDENTS).optional(),
  status: z.enum(['suspected', 'open', 'quiet']).optional(),
});

/** The body of `POST /incidents/reject`: the incidents named by their ids, or those of a status. */
export const incidentSelectionSchema = selectionSchema.refine(hasOneSelector, 'must have either ids or status');

/** See {@link incidentSelectionSchema}. */
export type IncidentSelection = z.infer<typeof incidentSelectionSchema>;

/** The body of `POST /incidents/<id>/resolve`, which may be left out. */
export const incidentResolutionSchema = z.strictObject({
  /** Whether doubtful members that are suppressed are completed with the others; else they are queued again. */
  complete_doubtful: z.boolean().default(false),
});

/** The body of `POST /incidents/resolve`: a selection, and how each of the incidents is resolved. */
export const incidentResolutionsSchema = selectionSchema
  .extend({ status: z.enum(['open', 'quiet']).optional(), ...incidentResolutionSchema.shape })
  .refine(hasOneSelector, 'must have either ids or status');

function hasOneSelector({ ids, status }: z.infer<typeof selectionSchema>): boolean {
  return (ids === undefined) !== (status === undefined);
}

/** Which incidents `GET /incidents` is asked for. */
export const incidentQuerySchema = z.object({
  status: z.enum(INCIDENT_STATUSES).optional(),
  /** `next_cursor` of the page before. */
  cursor: z.string().optional(),
});

/** Which members `GET /incidents/<id>/members` is asked for. */
export const memberQuerySchema = z.object({
  /** `true`: only doubtful ones, each with its reasons. */
  doubtful: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false),
  /** `next_cursor` of the page before. */
  cursor: z.string().optional(),
});

/** See {@link incidentQuerySchema}. */
export type IncidentQuery = z.infer<typeof incidentQuerySchema>;

/** See {@link incidentInputSchema}. */
export type IncidentInput = z.infer<typeof incidentInputSchema>;
