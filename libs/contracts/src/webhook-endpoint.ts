import { z } from 'zod';
import { agentIdSchema } from './agent';
import { CATEGORIES, type Category } from './categories';
import { EVENT_TYPES } from './events';
import type { Incident } from './incident';
import { unitIntervalSchema, type Ticket } from './ticket';
import { isHttpUrl } from './validation';
import { webhookSecretKey, webhookSecretSchema } from './webhook-secret';

/** Most endpoints that events are sent to. */
export const MAX_WEBHOOK_ENDPOINTS = 100;

/** Secrets that are live at one time: the new one and the old one of a rotation. */
const MOST_SECRETS = 2;
const LONGEST_URL = 2048;
const MOST_AGENTS = 100;

const urlSchema = z.string().max(LONGEST_URL).refine(isEndpointUrl, {
  message: 'must be an http:// or https:// URL with a host, and without a user or a password',
  abort: true,
});

const typesSchema = z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length);

const filterSchema = z.strictObject({
  /** Categories of tickets, and of the members of incidents. */
  category: z.array(z.enum(CATEGORIES)).min(1).max(CATEGORIES.length).optional(),
  /** Lowest urgency of a ticket, or of the most urgent member of an incident. */
  min_urgency: unitIntervalSchema.optional(),
  /** The agents that tickets are assigned to. */
  agent: z.array(agentIdSchema).min(1).max(MOST_AGENTS).optional(),
});

/**
 * An endpoint as it is configured, where secrets are written in a form of their own.
 * @param secret - reads a secret; its output has the form that {@link webhookSecretSchema} checks
 */
export const webhookEndpointSchemaWith = <Secret extends z.ZodType<string>>(secret: Secret) =>
  z
    .strictObject({
      /** The same alphabet as an agent's id. */
      id: agentIdSchema,
      /** Where events are posted. Its path may be a secret. */
      url: urlSchema,
      /** All types where it is left out. */
      types: typesSchema.optional(),
      /** See {@link wantsEvent}. */
      filter: filterSchema.optional(),
      /** Each signs every try, base64 with or without `whsec_` in front; without one nothing is signed. */
      secrets: z.array(secret).max(MOST_SECRETS).refine(areDifferent, 'must be different from each other').default([]),
      /** Whether it gets no events for the time being. */
      paused: z.boolean().default(false),
      /** Whether a URL that is not https is refused. */
      https_only: z.boolean().default(false),
    })
    .refine((endpoint) => !endpoint.https_only || isHttps(endpoint.url), {
      path: ['url'],
      message: 'must begin with https:// where https_only is true',
      // Also where other fields are wrong, so that one error names every problem.
      when: ({ value }) => typeof (value as { url?: unknown } | null)?.url === 'string',
    });

/** An endpoint that events are posted to, as it is configured. */
export const webhookEndpointSchema = webhookEndpointSchemaWith(webhookSecretSchema);

/** See {@link webhookEndpointSchema}. */
export type WebhookEndpoint = Readonly<z.infer<typeof webhookEndpointSchema>>;

/** What {@link wantsEvent} reads of an event. */
export type FilterableEvent =
  | {
      readonly type: `ticket.${string}`;
      readonly data: Pick<Ticket, 'category' | 'urgency_score' | 'assigned_agent'>;
    }
  | { readonly type: `incident.${string}`; readonly data: Pick<Incident, 'categories' | 'max_urgency'> }
  | { readonly type: `webhook.${string}`; readonly data: { readonly endpoint: string } };

/**
 * Whether an endpoint wants an event, by its `types` and its `filter`; `paused` is not looked at. All conditions of a filter must hold:
 * - for a ticket, its category, urgency and agent. One that is not known yet fulfils no condition.
 * - for an incident, the categories of its members, of which one is enough, and the highest urgency.
 *
 * A condition about something that an event does not have holds: an incident has no agent, and one of which no member has been
 * classified no categories. `types` leaves such events out. No endpoint wants an event about itself.
 */
export function wantsEvent(
  { id, types, filter = {} }: Pick<WebhookEndpoint, 'id' | 'types' | 'filter'>,
  event: FilterableEvent,
): boolean {
  if (types && !types.some((type) => type === event.type)) return false;
  if (isAbout('webhook', event) && event.data.endpoint === id) return false;
  const { categories, urgency, agent } = propertiesOf(event);
  return (
    (!filter.category || !categories || filter.category.some((category) => categories.includes(category))) &&
    (filter.min_urgency === undefined || urgency === undefined || (urgency ?? -1) >= filter.min_urgency) &&
    (!filter.agent || agent === undefined || filter.agent.includes(agent ?? ''))
  );
}

/** What conditions are compared with: `undefined` where an event has no such property, `null` where it is not known yet. */
interface EventProperties {
  readonly categories?: readonly (Category | null)[] | undefined;
  readonly urgency?: number | null;
  readonly agent?: string | null;
}

function propertiesOf(event: FilterableEvent): EventProperties {
  if (isAbout('ticket', event)) {
    const { category, urgency_score: urgency, assigned_agent: agent } = event.data;
    return { categories: [category], urgency, agent };
  }
  if (isAbout('incident', event)) {
    const categories = CATEGORIES.filter((category) => (event.data.categories[category] ?? 0) > 0);
    return { categories: categories.length > 0 ? categories : undefined, urgency: event.data.max_urgency };
  }
  return {};
}

function isAbout<Subject extends string>(
  subject: Subject,
  event: FilterableEvent,
): event is Extract<FilterableEvent, { type: `${Subject}.${string}` }> {
  return event.type.startsWith(`${subject}.`);
}

function isEndpointUrl(text: string): boolean {
  if (!isHttpUrl(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

/** Whether the bytes differ, whatever the prefixes. */
function areDifferent(secrets: readonly string[]): boolean {
  return new Set(secrets.map(webhookSecretKey)).size === secrets.length;
}
