/**
 * Every Lua command, by its file below `lua`: the directory is that of the port, the file that of the method that sends it. This is the only place that
 * names the arguments: `args` is one JSON object, `args.<name>` in Lua. Commands that run for every ticket have positions instead, which cost less:
 * `ARGV[argument.<name>]`, and for each of several items `ARGV[i + field.<name>]`, `i` from `argument.ITEMS` on in steps of `field.COUNT`.
 *
 * `confirmed` marks commands whose reply others act on: a client relies on its ticket, an agent takes the next, an operator believes that the action is done,
 * a webhook is sent. They wait for replicas if that is configured. The writes of other commands may be lost in a failover and are repeated.
 */
export const COMMANDS = {
  'queue/accept': {
    positions: [
      'queue_max',
      'idempotency_ms',
      'duplicate_ms',
      'max_bytes',
      'known_free_bytes',
      'max_of_domain',
      'share_of_bytes',
      'requesters',
    ],
    items: ['id', 'name', 'content_hash', 'lane_and_source', 'input'],
    confirmed: true,
  },
  'queue/claim': { positions: ['limit', 'lease_ms', 'token_start', 'roster_version'] },
  'queue/claim-by-id': { positions: ['id', 'lease_ms', 'token'] },
  'queue/fail': {
    positions: ['id', 'token', 'code', 'message', 'is_retryable', 'max_attempts', 'dead_letters_max'],
    items: ['delay_ms'],
  },
  'queue/heartbeat': { positions: ['lease_ms'], items: ['id', 'token'] },
  'queue/next-work': { positions: [] },
  'queue/requeue': { positions: ['id', 'token'] },
  'queue/report': { positions: [] },
  'queue/sweep': { args: ['max_stalls', 'dead_letters_max'] },
  'queue/recount-domains': { args: ['key_count', 'pause_ms'] },
  'tickets/commit': {
    positions: ['retention_ms', 'roster_version'],
    items: [
      'id',
      'token',
      'category',
      'urgency',
      'wait_key',
      'decision',
      'flags',
      'event_id',
      'event_head',
      'incident',
      'epoch',
      'similarity',
      'routing',
      'mark',
      'facts',
      'candidates',
      'busy',
    ],
  },
  'tickets/complete': { positions: ['id', 'corrections', 'retention_ms'], confirmed: true },
  'tickets/read-states': { args: ['from', 'step', 'count'] },
  'tickets/read-columns': { args: ['blocks', 'details', 'seconds', 'requester'] },
  'tickets/read-numbered': { args: ['numbers'] },
  'tickets/prune-index': { args: ['limit'] },
  'tickets/reassign': {
    args: ['id', 'from', 'entry', 'roster_version', 'facts', 'candidates', 'busy', 'agents'],
    confirmed: true,
  },
  'tickets/amend': {
    args: [
      'id',
      'status',
      'former_agent',
      'decision',
      'agent',
      'is_forced',
      'facts',
      'category',
      'urgency',
      'wait_key',
      'flags',
      'decision_now',
      'corrections',
      'entry',
    ],
    confirmed: true,
  },
  'tickets/cancel': { args: ['id', 'statuses', 'retention_ms', 'entry'], confirmed: true },
  'tickets/reopen': {
    args: ['id', 'category', 'entry', 'roster_version', 'facts', 'candidates', 'busy', 'agents'],
    confirmed: true,
  },
  'tickets/note': { args: ['id', 'note_id', 'entry'], confirmed: true },
  'agents/list': { args: ['roster_version'] },
  'agents/put': { args: ['id', 'profile', 'name'], confirmed: true },
  'agents/remove': { args: ['id'], confirmed: true },
  'agents/list-open-tickets': { args: ['id'] },
  'agents/reassign': {
    args: ['ticket', 'from', 'roster_version', 'category', 'facts', 'candidates', 'busy', 'agents'],
  },
  'agents/seed': { args: ['agents'] },
  'incidents/list': { args: ['before', 'limit', 'status'] },
  'incidents/get': { args: ['id'] },
  'incidents/members': { args: ['id', 'after_ms', 'after', 'limit'] },
  'incidents/doubtful-members': { args: ['id', 'after_ms', 'after', 'limit'] },
  'incidents/open': { args: ['id', 'title', 'entry', 'quiet_ms', 'tickets'], confirmed: true },
  'incidents/decide': { args: ['id', 'action', 'entry', 'complete_doubtful'], confirmed: true },
  'incidents/unlink': { args: ['id', 'ticket', 'entry'], confirmed: true },
  'incidents/settle-members': { args: ['id', 'limit', 'retention_ms'] },
  'storms/append': {
    positions: ['last', 'limit', 'rules', 'is_again'],
    items: ['id', 'token', 'entry', 'is_always_routed'],
  },
  'storms/write-record': {
    args: [
      'id',
      'epoch',
      'status',
      'title',
      'is_degraded',
      'opened_ms',
      'last_member_ms',
      'closed_ms',
      'previous',
      'representative',
      'quiet_ms',
      'is_known',
      'is_held',
      'left',
      'joined',
    ],
  },
  'storms/emit-events': { args: ['interval_ms'] },
  'storms/tick': { args: ['entry', 'interval_ms'] },
  'storms/write-entry': { args: ['entry'] },
  'storms/write-rules': { args: ['entry'] },
  'storms/read-entries': { args: ['last', 'limit'] },
  'storms/save-snapshot': { args: ['last', 'generation', 'parts', 'first_kept'] },
  'storms/save-snapshot-part': { args: ['generation', 'number', 'part'] },
  'storms/load-snapshot': { args: [] },
  'storms/load-snapshot-parts': { args: ['generation', 'first', 'limit'] },
  'storms/load-bursts': { args: [] },
  'storms/save-bursts': { args: ['last', 'state'] },
  'storms/save-bursts-position': { args: ['last'] },
  'dead-letters/list': { args: ['after', 'limit'] },
  'dead-letters/retry': { args: ['id'], confirmed: true },
  'dead-letters/remove': { args: ['id'], confirmed: true },
  'outbox/claim': { args: ['endpoint', 'limit', 'lease_ms'], confirmed: true },
  'outbox/acknowledge': { args: ['endpoint', 'id'] },
  'outbox/retry-later': { args: ['endpoint', 'id', 'attempts', 'delay_ms'] },
  'outbox/emit': { args: ['id', 'body'] },
  'outbox/fan-out': { args: ['id', 'endpoints'] },
  'workers/announce': { args: ['id', 'status', 'ttl_ms'] },
  'workers/list': { args: [] },
  'workers/leave': { args: ['id'] },
  'adoption/adopt': {
    args: [
      'id',
      'status',
      'category',
      'agent',
      'retention_ms',
      'dead_letters_max',
      'idempotency_key',
      'idempotency_ms',
      'event_id',
      'event_body',
      'event_attempts',
      'event_created_ms',
      'storm_entry',
      'duplicate_name',
      'duplicate_ms',
      'max_bytes',
      'known_free_bytes',
      'requester',
      'fields',
    ],
    confirmed: true,
  },
} as const satisfies Record<string, CommandSpec>;

interface CommandSpec {
  readonly args?: readonly string[];
  readonly positions?: readonly string[];
  readonly items?: readonly string[];
  readonly confirmed?: true;
}

/** One of {@link COMMANDS}. */
export type Command = keyof typeof COMMANDS;

/** The value at a position of a command: text, or a number that becomes text. */
export type LuaArgument = string | number;

/** The value of an argument that is sent as JSON. */
export type JsonArgument = LuaArgument | boolean | readonly JsonArgument[];

type Named<Names, Value> = Names extends readonly string[] ? Readonly<Record<Names[number], Value>> : never;

/** The arguments of a command: by name; those between them and the items; the items, each by name. */
export type Call<Name extends Command> = CallOf<(typeof COMMANDS)[Name]>;

type CallOf<Spec> = Spec extends { readonly args: infer Names }
  ? readonly [args: Named<Names, JsonArgument>]
  : Spec extends { readonly positions: infer Names; readonly items: infer Fields }
    ? readonly [
        args: Named<Names, LuaArgument>,
        items: readonly Named<Fields, LuaArgument>[],
        before?: readonly LuaArgument[],
      ]
    : Spec extends { readonly positions: infer Names }
      ? readonly [args: Named<Names, LuaArgument>]
      : never;

/** A command with its keys and arguments, as Redis receives it. */
export function argumentsOf<Name extends Command>(command: Name, ...call: Call<Name>): LuaArgument[] {
  const { args, positions = [], items: fields = [] }: CommandSpec = COMMANDS[command];
  const [given, items = [], before = []] = call as readonly [
    Readonly<Record<string, JsonArgument>>,
    (readonly Readonly<Record<string, LuaArgument>>[])?,
    (readonly LuaArgument[])?,
  ];
  if (args) return args.length === 0 ? [] : [JSON.stringify(given, wellFormed)];
  const sent = positions.map((name) => given[name] as LuaArgument);
  sent.push(...before);
  for (const item of items) for (const name of fields) sent.push(item[name] ?? '');
  return sent;
}

/** Lua cannot decode a lone surrogate; in an argument of its own, Redis would receive a replacement character for it, too. */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
