import type { HookConditions, HookField, HookSource } from '../mapping/hook-source';
import { MAX_VALUES } from '../paths/json-path';
import { type HookHeaders, verifyHook } from '../verify/verify-hook';
import { hookTicketId } from './ticket-id';

/** A ticket that a webhook describes, not checked yet: to be read as the body of `POST /ticket`. */
export interface HookTicket {
  /** `<source>:<id of the product>`, so that a repeated webhook is a repeated ticket. */
  readonly id?: string;
  readonly text?: string;
  readonly subject?: string;
  readonly requester?: string;
  readonly channel?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

/** What a webhook, or one item of it, asks for. */
export type HookAction =
  | { readonly action: 'open'; readonly input: HookTicket }
  | { readonly action: 'resolve'; readonly id: string }
  | { readonly action: 'ignore'; readonly why: string };

/** Checks and reads the webhooks of one source. */
export interface HookReceiver {
  readonly source: HookSource;
  /**
   * Whether a webhook comes from its source, by the source's own check. It takes the same time whatever part of a secret is wrong.
   * @param headers - with names in lower case
   * @param rawBody - as it was sent: parsing and writing it again changes it
   * @param now - milliseconds since 1970, for schemes with a time
   */
  verify(headers: HookHeaders, rawBody: Uint8Array, now: number): boolean;
  /** What a payload asks for: one action, or one for each of its first 1,000 items. Never throws, whatever the payload is. */
  read(payload: unknown): readonly HookAction[];
}

type Scalar = string | number | boolean;

/** Creates the receiver of one source of a mapping file. */
export function createHookReceiver(source: HookSource): HookReceiver {
  const { verify, items, accept_if, resolved_if, ticket } = source;

  const actionOf = (payload: unknown): HookAction => {
    const isResolved = resolved_if.length > 0 && holds(resolved_if, payload);
    if (!isResolved && !holds(accept_if, payload)) return { action: 'ignore', why: 'accept_if does not hold' };
    const productId = ticket.id && textOf(ticket.id, payload, '-');
    if (ticket.id && productId === undefined) return { action: 'ignore', why: 'it has no id' };
    const id = productId && hookTicketId(source.name, productId);
    if (isResolved && id) return { action: 'resolve', id };
    return { action: 'open', input: { ...(id ? { id } : {}), ...fieldsOf(ticket, payload) } };
  };

  return {
    source,
    verify: (headers, rawBody, now) => verifyHook(verify, headers, rawBody, now),
    read: (payload) => {
      if (!items) return [actionOf(payload)];
      const list = items
        .values(payload)
        .flatMap((value): readonly unknown[] => (Array.isArray(value) ? value : [value]));
      return list.slice(0, MAX_VALUES).map(actionOf);
    },
  };
}

function fieldsOf(ticket: HookSource['ticket'], payload: unknown): HookTicket {
  const fields: Record<string, string> = {};
  for (const name of ['text', 'subject', 'requester', 'channel'] as const) {
    const sources = ticket[name];
    const value = sources && textOf(sources, payload, '\n');
    if (value !== undefined) fields[name] = value;
  }
  const metadata = Object.entries(ticket.metadata).flatMap(([name, sources]) => {
    const values = valuesOf(sources, payload);
    const [value] = values;
    return value === undefined ? [] : [[name, values.length > 1 ? values.join('\n') : value] as const];
  });
  return metadata.length > 0 ? { ...fields, metadata: Object.fromEntries(metadata) } : fields;
}

/** What the first of the sources that gives something gives: texts that say something, numbers and booleans. */
function valuesOf(sources: HookField, payload: unknown): readonly Scalar[] {
  for (const source of sources) {
    const values = 'literal' in source ? [source.literal] : source.values(payload).filter(saysSomething);
    if (values.length > 0) return values;
  }
  return [];
}

function textOf(sources: HookField, payload: unknown, separator: string): string | undefined {
  const values = valuesOf(sources, payload);
  return values.length > 0 ? values.join(separator) : undefined;
}

function saysSomething(value: unknown): value is Scalar {
  return typeof value === 'string' ? value.trim() !== '' : typeof value === 'number' || typeof value === 'boolean';
}

function holds(conditions: HookConditions, payload: unknown): boolean {
  return conditions.every(({ path, is }) => {
    const expected = is.map((value) => String(value).toLowerCase());
    return path.values(payload).some((value) => saysSomething(value) && expected.includes(String(value).toLowerCase()));
  });
}
