import { z } from 'zod';
import { CATEGORIES } from './categories';
import { TICKET_STATUSES } from './life-tables';
import { NOT_PRINTABLE, metadataSchema } from './metadata';
import { isPrintable, rfc3339 } from './validation';
import { REVIEW_REASONS } from './review-reason';

/** The API key that a ticket came with. */
export interface TicketSource {
  /** Name of the key; no secret. */
  readonly key: string;
  /** Name of the trust domain of the key; empty for the unnamed one. */
  readonly domain: string;
}

/**
 * A ticket id as a client chooses it: 1 to 128 letters, digits, dots, dashes, underscores, colons or at signs, the first a letter or digit.
 * The alphabet is safe in a URL path, a log line and a Redis key.
 */
export const ticketIdSchema = z
  .string()
  .regex(
    /^[A-Z0-9][\w.:@-]{0,127}$/i,
    'must be 1 to 128 letters, digits or . _ : @ -, starting with a letter or digit',
  );

/**
 * The id of a ticket as answers and events name it: the client's own, or one made for it, behind the name of the trust domain it came from and a
 * `~`, which no client can send in an id. Without the name in the unnamed domain.
 */
export const publicTicketIdSchema = z
  .string()
  .regex(
    /^(?:[\w.-]{1,64}~)?[A-Z0-9][\w.:@-]{0,127}$/i,
    'must be the id of a ticket as it was answered: 1 to 128 letters, digits or . _ : @ -, perhaps behind a trust domain and ~',
  );

/** Replaces lone surrogates, which neither UTF-8 nor a tokenizer can carry, by U+FFFD. */
const wellFormed = (text: string): string => text.toWellFormed();

/** Longest optional texts of a ticket, in Unicode code points. */
export const MAX_FIELD_LENGTHS = { subject: 1000, requester: 320, channel: 64 } as const;

/** A text that says something; one of white space only counts as none. */
const shortText = (max: number) =>
  z
    .string()
    .max(max, `must have at most ${max} characters`)
    .transform((text) => (text.trim() === '' ? null : wellFormed(text)));

/** Longest text that is copied where it is trimmed. A longer one is cut. */
const MOST_COPIED = 4 * MAX_FIELD_LENGTHS.requester;

/** Without white space around it, and without the memory of that: V8 would keep the whole text for the part. */
function trimmed(text: string): string {
  const part = text.trim();
  return part.length === text.length || part.length > MOST_COPIED ? part : [...part].join('');
}

/** A name, on one line and without white space around it. */
const shortName = (max: number) =>
  z.string().transform(trimmed).refine(isPrintable, NOT_PRINTABLE).pipe(shortText(max));

const NO_DATE_TIME = 'must be an ISO 8601 date and time with an offset';

/** In the spelling of RFC 3339; an empty text counts as none. */
const dateTime = z
  .string()
  .max(64, NO_DATE_TIME)
  .transform((text, context) => {
    const spelt = text.trim() === '' ? null : rfc3339(text.trim());
    if (spelt === undefined) context.addIssue({ code: 'custom', message: NO_DATE_TIME });
    return spelt ?? null;
  });

/**
 * The body of `POST /ticket`, checked and cleaned. Fields it does not know are dropped. {@link parseTicketInput} forgives what is wrong in
 * optional fields.
 */
export const ticketInputSchema = z
  .object({
    /** Empty where the subject says everything. */
    text: z
      .string()
      .nullish()
      .transform((text) => (text?.trim() ? wellFormed(text) : '')),
    id: ticketIdSchema.nullish(),
    subject: shortText(MAX_FIELD_LENGTHS.subject).nullish(),
    /** Compared by {@link requesterKey}. */
    requester: shortName(MAX_FIELD_LENGTHS.requester).nullish(),
    channel: shortName(MAX_FIELD_LENGTHS.channel).nullish(),
    /** The client's own time; kept, never used as the order of arrival. */
    reported_at: dateTime.nullish(),
    metadata: metadataSchema.nullish(),
  })
  .refine(({ text, subject }) => text !== '' || (subject ?? '') !== '', {
    path: ['text'],
    message: 'must not be empty or only white space where there is no subject',
  });

/** A ticket as a client sends it. */
export type TicketInput = z.infer<typeof ticketInputSchema>;

/** A score or probability in [0, 1]. */
export const unitIntervalSchema = z.number().min(0).max(1);

/** A ticket as `GET /tickets/<id>` answers it and as it is stored: the wire names throughout. */
export const ticketSchema = z.object({
  id: publicTicketIdSchema,
  text: z.string(),
  subject: z.string().nullable(),
  requester: z.string().nullable(),
  status: z.enum(TICKET_STATUSES),
  /** `null` until the ticket was understood. */
  category: z.enum(CATEGORIES).nullable(),
  /** Calibrated probability of `category`. */
  confidence: unitIntervalSchema.nullable(),
  /** Whether a person should look at the category; the routing does not wait for it. */
  needs_review: z.boolean(),
  /** Why; empty where it does not. */
  review_reasons: z.array(z.enum(REVIEW_REASONS)).readonly(),
  urgency_score: unitIntervalSchema.nullable(),
  /** Which family of models answered. */
  model: z.enum(['transformer', 'baseline']).nullable(),
  /** Whether the baseline had to stand in for the model that should have answered. */
  degraded: z.boolean(),
  /** The language that it is written in, ISO 639-1; `null` until it was understood, and where that is not sure. */
  language: z.string().nullable(),
  /** Whether a machine wrote it in answer to a mail: somebody is out of office, or a mail could not be delivered. Not the alarm of a monitor. */
  automated: z.boolean(),
  is_duplicate: z.boolean(),
  master_incident_id: z.string().nullable(),
  assigned_agent: z.string().nullable(),
  /** ISO 8601, the broker's own clock at the push. */
  received_at: z.string(),
  reported_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  /** How it ended: an agent completed it, its incident was resolved, or a person cancelled it. */
  resolution: z.enum(['agent', 'incident', 'cancelled']).nullable(),
  /** How often a worker took it into work. */
  attempts: z.int().nonnegative(),
});

/** A ticket at any stage of its life. */
export type Ticket = z.infer<typeof ticketSchema>;

/** The body of `POST /tickets/<id>/complete`: what the agent found to be right, stored beside the prediction. */
export const correctionsSchema = z.object({
  category: z.enum(CATEGORIES).nullish(),
  urgency_score: unitIntervalSchema.nullish(),
});

/** See {@link correctionsSchema}. */
export type Corrections = z.infer<typeof correctionsSchema>;
