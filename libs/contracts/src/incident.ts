import { z } from 'zod';
import { CATEGORIES } from './categories';
import { INCIDENT_STATUSES } from './life-tables';
import { unitIntervalSchema } from './ticket';

/** An incident as the HTTP API answers it: many tickets, one cause. */
export const incidentSchema = z.object({
  id: z.string(),
  status: z.enum(INCIDENT_STATUSES),
  title: z.string(),
  /** The earliest member; the only one that is not a duplicate. */
  representative_ticket_id: z.string(),
  member_count: z.int().nonnegative(),
  /** Distinct requesters; members without a requester count as one each. */
  requester_count: z.int().nonnegative(),
  /** Whether any pair was compared by TF-IDF because the model was away. */
  degraded: z.boolean(),
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
