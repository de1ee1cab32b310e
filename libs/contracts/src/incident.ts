import { z } from 'zod';
import { CATEGORIES } from './categories';
import { INCIDENT_STATUSES } from './life-tables';
import { publicTicketIdSchema, unitIntervalSchema } from './ticket';

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

/** Most tickets that an incident is opened around by hand; more join as they come. */
const MOST_TICKETS = 1000;

/** The body of `POST /incidents`: an incident that an operator opens around tickets. */
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

/** The body of `POST /incidents/resolve` and `POST /incidents/reject`: the incidents named by their ids, or those of a status. */
export const incidentSelectionSchema = z
  .strictObject({
    ids: z.array(z.string().max(128)).min(1).max(MAX_ENDED_INCIDENTS).optional(),
    status: z.enum(['suspected', 'open', 'quiet']).optional(),
  })
  .refine(({ ids, status }) => (ids === undefined) !== (status === undefined), 'must have either ids or status');

/** See {@link incidentSelectionSchema}. */
export type IncidentSelection = z.infer<typeof incidentSelectionSchema>;

/** Which incidents `GET /incidents` is asked for. */
export const incidentQuerySchema = z.object({
  status: z.enum(INCIDENT_STATUSES).optional(),
  /** `next_cursor` of the page before. */
  cursor: z.string().optional(),
});

/** See {@link incidentQuerySchema}. */
export type IncidentQuery = z.infer<typeof incidentQuerySchema>;

/** See {@link incidentInputSchema}. */
export type IncidentInput = z.infer<typeof incidentInputSchema>;
