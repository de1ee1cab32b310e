import { z } from 'zod';
import { agentIdSchema } from './agent';
import { CATEGORIES, type Category } from './categories';
import { EVENT_TYPES } from './events';
import type { Incident } from './incident';
import { unitIntervalSchema, type Ticket } from './ticket';
import { isHttpUrl, parseWith } from './validation';
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
  /** The agents that tickets are assigned to, and that events of agents are about. */
  agent: z.array(agentIdSchema).min(1).max(MOST_AGENTS).optional(),
});

/** Fields of an endpoint that can be changed, without their defaults. */
const changeable = <Secret extends z.ZodType<string>>(secret: Secret) => ({
  /** Where events are posted. Its path may be a secret. */
  url: urlSchema,
  /** All types where it is left out. */
  types: typesSchema,
  /** See {@link wantsEvent}. */
  filter: filterSchema,
  /** Each signs every try, base64 with or without `whsec_` in front; without one nothing is signed. */
  secrets: z.array(secret).max(MOST_SECRETS).refine(areDifferent, 'must be different from each other'),
  /** Whether nothing is sent for the time being. */
  paused: z.boolean(),
  /** Whether a URL that is not https is refused. */
  https_only: z.boolean(),
});

/**
 * An endpoint as it is configured, where secrets are written in a form of their own.
 * @param secret - reads a secret; its output has the form that {@link webhookSecretSchema} checks
 */
export const webhookEndpointSchemaWith = <Secret extends z.ZodType<string>>(secret: Secret) => {
  const { url, types, filter, secrets, paused, https_only } = changeable(secret);
  return z
    .strictObject({
      /** The same alphabet as an agent's id. */
      id: agentIdSchema,
      url,
      types: types.optional(),
      filter: filter.optional(),
      secrets: secrets.default([]),
      paused: paused.default(false),
      https_only: https_only.default(false),
    })
    .refine((endpoint) => !endpoint.https_only || isHttps(endpoint.url), {
      path: ['url'],
      message: 'must begin with https:// where https_only is true',
      // Also where other fields are wrong, so that one error names every problem.
      when: ({ value }) => typeof (value as { url?: unknown } | null)?.url === 'string',
    });
};

/** An endpoint that events are posted to, as it is configured. */
export const webhookEndpointSchema = webhookEndpointSchemaWith(webhookSecretSchema);

/** See {@link webhookEndpointSchema}. */
export type WebhookEndpoint = Readonly<z.infer<typeof webhookEndpointSchema>>;

const changes = changeable(webhookSecretSchema);

/** The body of `PATCH /webhooks/<id>`: at least one change. Lists are replaced as a whole; `null` removes `types` or `filter`. */
export const webhookEndpointPatchSchema = z
  .strictObject({ ...changes, types: changes.types.nullable(), filter: changes.filter.nullable() })
  .partial()
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must have at least one change');

/** See {@link webhookEndpointPatchSchema}. */
export type WebhookEndpointPatch = Readonly<z.infer<typeof webhookEndpointPatchSchema>>;

/**
 * An endpoint with a change.
 * @throws SmartSupportError `invalid_input` where the two do not fit together, such as `https_only` with an http:// URL
 */
export function patchWebhookEndpoint(endpoint: WebhookEndpoint, patch: WebhookEndpointPatch): WebhookEndpoint {
  const changed = Object.entries(patch).filter(([, value]) => value !== undefined);
  const fields = Object.entries({ ...endpoint, ...Object.fromEntries(changed) }).filter(([, value]) => value !== null);
  return parseWith(webhookEndpointSchema, Object.fromEntries(fields), 'webhook endpoint');
}

/** An endpoint as operators see it: without what would let them post to its receiver or sign in our name. */
export interface WebhookEndpointView extends Omit<WebhookEndpoint, 'url' | 'secrets'> {
  /** Scheme, host and port of the URL. Path and query may be secrets, as those of incoming webhooks of chats are. */
  readonly origin: string;
  /** One for each secret, in their order: the first 8 hexadecimal digits of the SHA-256 of its bytes. */
  readonly secret_fingerprints: readonly string[];
}

/** What {@link wantsEvent} reads of an event. */
export type FilterableEvent =
  | {
      readonly type: `ticket.${string}`;
      readonly data: Pick<Ticket, 'category' | 'urgency_score' | 'assigned_agent'>;
    }
  | { readonly type: `incident.${string}`; readonly data: Pick<Incident, 'categories' | 'max_urgency'> }
  | { readonly type: `agent.${string}`; readonly data: { readonly id: string } }
  | { readonly type: `webhook.${string}`; readonly data: { readonly endpoint: string } };

/**
 * Whether an endpoint wants an event, by its `types` and its `filter`; `paused` is not looked at. All conditions of a filter must hold:
 * - for a ticket, its category, urgency and agent. One that is not known yet fulfils no condition.
 * - for an incident, the categories of its members, of which one is enough, and the highest urgency.
 * - for an agent, its id.
 *
 * A condition about something that an event does not have holds: an incident has no agent, an agent no category, and an incident of
 * which no member has been classified no categories. `types` leaves such events out. No endpoint wants an event about itself.
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
  return isAbout('agent', event) ? { agent: event.data.id } : {};
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
