import { z } from 'zod';
import { agentIdSchema } from './agent';
import { CATEGORIES, LANES } from './categories';
import { TICKET_STATUSES } from './life-tables';
import { MAX_FIELD_LENGTHS, type Ticket } from './ticket';
import { rfc3339 } from './validation';

/** Orders of `GET /tickets`. `newest` and `oldest` by acceptance; `urgency` the most urgent first, in steps of 0.01, of equal ones the newest first. */
export const TICKET_SORTS = ['newest', 'oldest', 'urgency'] as const;

/** One of {@link TICKET_SORTS}. */
export type TicketSort = (typeof TICKET_SORTS)[number];

/** One of these values, or several with commas between them. */
const anyOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)));

const flag = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' });

/** A moment in milliseconds since 1970. */
const moment = z.string().transform((text, context) => {
  const spelt = rfc3339(text.trim());
  if (spelt !== undefined) return Date.parse(spelt);
  context.addIssue({ code: 'custom', message: 'must be an ISO 8601 date and time with an offset' });
  return z.NEVER;
});

/** Longest words to search for, in characters. */
const LONGEST_SEARCH = 200;

/** Which tickets `GET /tickets` is asked for: those for which every field that is given holds. */
export const ticketQuerySchema = z.strictObject({
  status: anyOf(TICKET_STATUSES).optional(),
  category: anyOf(CATEGORIES).optional(),
  lane: z.enum(LANES).optional(),
  /** Who has the ticket, or had it when it was completed. */
  agent: agentIdSchema.optional(),
  needs_review: flag.optional(),
  automated: flag.optional(),
  /** Compared by `requesterKey`. */
  requester: z.string().min(1).max(MAX_FIELD_LENGTHS.requester).optional(),
  /** Words that must all occur in subject or text, in any case. */
  q: z.string().trim().min(1).max(LONGEST_SEARCH).optional(),
  /** Not before this moment, in milliseconds since 1970. */
  received_after: moment.optional(),
  /** Before this moment, in milliseconds since 1970. */
  received_before: moment.optional(),
  sort: z.enum(TICKET_SORTS).default('newest'),
  /** `next_cursor` of the page before, with the same sort. */
  cursor: z.string().optional(),
});

/** See {@link ticketQuerySchema}. */
export type TicketQuery = z.infer<typeof ticketQuerySchema>;

/** Which tickets are asked for, without the place of a page. */
export type TicketFilter = Omit<TicketQuery, 'sort' | 'cursor'>;

/** Filters by which tickets can be counted: those for which the index needs no record. */
export const ticketCountQuerySchema = z.strictObject({
  status: ticketQuerySchema.shape.status,
  category: ticketQuerySchema.shape.category,
  needs_review: ticketQuerySchema.shape.needs_review,
});

/** See {@link ticketCountQuerySchema}. */
export type TicketCountQuery = z.infer<typeof ticketCountQuerySchema>;

/** A ticket without its text, and the text's first 200 characters: as lists and events show it. */
export type TicketSummary = Omit<Ticket, 'text'> & { readonly text_start: string };

/** One page of tickets. */
export interface TicketPage {
  /** At most 100; fewer, perhaps none, also where there are more. */
  readonly tickets: readonly TicketSummary[];
  /** `null` where there are no more. */
  readonly next_cursor: string | null;
}

/** Numbers of tickets. */
export interface TicketCounts {
  readonly total: number;
  readonly status: Readonly<Record<Ticket['status'], number>>;
  /** Of those that have a category. */
  readonly category: Readonly<Record<NonNullable<Ticket['category']>, number>>;
  readonly needs_review: number;
}
