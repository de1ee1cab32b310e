import type { TicketRecord } from '@smart-support/contracts';
import {
  BLOCK_SIZE,
  DETAILS_WIDTH,
  REQUESTER_WIDTH,
  SECOND_WIDTH,
  STATE_WIDTH,
  detailsOf,
  requesterFingerprint,
  secondBytes,
  secondOf,
  stateOf,
} from '@smart-support/broker/rules';
import { recordOf } from '../records/ticket-fields';

/** A stored value, for comparisons: its type, its value in a fixed order, and whether it expires. */
export type Stored = readonly [type: string, value: unknown, runsOut: boolean];

/** All keys of a routing domain, by their names within it. */
type Everything = Readonly<Record<string, Stored>>;

const PLACES: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^tickets:(?:urgent|normal)$/, () => 'queued'],
  [/^tickets:delayed:/, () => 'queued'],
  [/^tickets:processing$/, () => 'processing'],
  [/^tickets:quarantined$/, () => 'quarantined'],
  [/^dead$/, () => 'dead'],
  [/^waiting:/, (name) => `waiting ${name.slice('waiting:'.length)}`],
  [/^agent:.*:tickets$/, (name) => `with ${name.slice('agent:'.length, -':tickets'.length)}`],
];

/**
 * Inconsistencies of a store: tickets that are in no place, in two, or not in that of their status; suppressed ones that the end of their incident does
 * not release; loads other than the number of open tickets; wrong counts of unfinished tickets and of members; an index of tickets that says something else
 * than their records.
 * Quarantined tickets count as being in their place.
 */
export function inconsistenciesOf(all: Everything): string[] {
  return [...misplacedTickets(all), ...wrongLoads(all), ...wrongIncidents(all), ...wrongIndex(all)];
}

function misplacedTickets(all: Everything): string[] {
  const places = new Map<string, string[]>();
  for (const [name, [type]] of Object.entries(all)) {
    const place = PLACES.find(([pattern]) => pattern.test(name))?.[1](name);
    if (place === undefined || type === 'stream') continue;
    for (const id of entriesOf(all, name)) places.set(id, [...(places.get(id) ?? []), place]);
  }
  const wrong: string[] = [];
  const ofDomains = new Map<string, number>();
  const add = (name: string, value: number) => ofDomains.set(name, (ofDomains.get(name) ?? 0) + value);
  let unfinished = 0;
  for (const [name, [type]] of Object.entries(all)) {
    if (!name.startsWith('ticket:') || type !== 'hash') continue;
    const id = name.slice('ticket:'.length);
    const fields = fieldsOf(all, name);
    const status = fields.get('status') ?? '';
    const domain = fields.get('source')?.split(' ')[0];
    if (status !== 'dead' && status !== 'completed') {
      unfinished += 1;
      if (domain !== undefined) add(domain, 1);
      if (domain !== undefined) add(`#${domain}`, Number(fields.get('bytes')));
    }
    const found = places.get(id) ?? [];
    const expected = placeOf(status, fields);
    const fits =
      expected === '' ? found.length === 0 : found.length === 1 && [expected, 'quarantined'].includes(found[0] ?? '');
    if (!fits) wrong.push(`${id} is ${expected || status} and found in [${found.join(', ')}]`);
    if (status === 'suppressed' && !isReleasedLater(all, id, fields.get('incident') ?? ''))
      wrong.push(`No incident releases ${id}`);
  }
  const counted = Number((all['unfinished']?.[1] as string[] | undefined)?.[0] ?? 0);
  if (counted !== unfinished) wrong.push(`${unfinished} tickets are unfinished, counted are ${counted}`);
  // The results of a recount in progress do not count yet.
  const numbers = [...fieldsOf(all, 'unfinished:domains')].filter(([name]) => !/^[ +]/.test(name));
  const found = JSON.stringify(numbers.sort());
  const expected = JSON.stringify([...ofDomains].map(([domain, count]) => [domain, String(count)]).sort());
  if (found !== expected) wrong.push(`Of trust domains ${expected} are unfinished, counted are ${found}`);
  return wrong;
}

/** The place of a ticket by its status; '' for none. */
function placeOf(status: string, fields: ReadonlyMap<string, string>): string {
  if (status === 'completed' || status === 'suppressed') return '';
  if (status === 'waiting') return `waiting ${fields.get('category')}`;
  return status === 'assigned' ? `with ${fields.get('agent')}` : status;
}

/** Whether the end of its incident releases a suppressed ticket, or is about to. */
function isReleasedLater(all: Everything, ticketId: string, incidentId: string): boolean {
  const name = `incident:${incidentId}`;
  const status = fieldsOf(all, name).get('status');
  const isMember = entriesOf(all, `${name}:members`).includes(ticketId);
  return ((status === 'open' || status === 'quiet') && isMember) || isUnsettled(all, ticketId, incidentId);
}

function isUnsettled(all: Everything, ticketId: string, incidentId: string): boolean {
  if (!entriesOf(all, 'incidents:unsettled').includes(incidentId)) return false;
  const name = `incident:${incidentId}`;
  const fields = fieldsOf(all, name);
  const [upTo = '+inf', before = ''] = [fields.get('settle_ms'), fields.get('settle_id')];
  const [, score] =
    (all[`${name}:members`]?.[1] as [string, string][] | undefined)?.find(([id]) => id === ticketId) ?? [];
  const isToCome =
    score !== undefined && (upTo === '+inf' || Number(score) < Number(upTo) || (score === upTo && ticketId < before));
  return isToCome || entriesOf(all, `${name}:unsettled`).includes(ticketId);
}

function wrongIndex(all: Everything): string[] {
  const blocks = new Map<number, ReturnType<typeof blockOf>>();
  return Object.keys(all).flatMap((name) => {
    const fields = fieldsOf(all, name);
    const number = fields.get('number') ?? '';
    if (!name.startsWith('ticket:') || number === '') return [];
    const [block, at] = [Math.floor(Number(number) / BLOCK_SIZE), Number(number) % BLOCK_SIZE];
    const { ids, ...columns } = blocks.get(block) ?? blockOf(all, block);
    blocks.set(block, { ids, ...columns });
    const id = name.slice('ticket:'.length);
    const record = readable(id, fields);
    if (!record) return [];
    const found = [
      ids[at],
      ...WIDTHS.flatMap(([name, width]) => [...columns[name].subarray(at * width, (at + 1) * width)]),
    ];
    const { received_at, requester } = record.ticket;
    const expected = [
      ...[id, stateOf(record), ...detailsOf(record)],
      ...[...secondBytes(secondOf(Date.parse(received_at))), ...requesterFingerprint(requester)],
    ];
    return String(found) === String(expected) ? [] : [`The index has ${found} instead of ${expected}`];
  });
}

/** A record; `undefined` for one that another test has corrupted. */
function readable(id: string, fields: ReadonlyMap<string, string>): TicketRecord | undefined {
  try {
    return recordOf(id, fields);
  } catch {
    return undefined;
  }
}

/** The columns of a block, one after the other. */
const WIDTHS = [
  ['state', STATE_WIDTH],
  ['details', DETAILS_WIDTH],
  ['seconds', SECOND_WIDTH],
  ['requesters', REQUESTER_WIDTH],
] as const;

function blockOf(
  all: Everything,
  block: number,
): Record<(typeof WIDTHS)[number][0], Uint8Array> & { ids: readonly string[] } {
  const columns = Buffer.alloc(BLOCK_SIZE * WIDTHS.reduce((sum, [, width]) => sum + width, 0));
  columns.write((all[`index:${block}:columns`]?.[1] as string[] | undefined)?.[0] ?? '', 'latin1');
  let start = 0;
  const column = (width: number): Uint8Array => {
    start += BLOCK_SIZE * width;
    return columns.subarray(start - BLOCK_SIZE * width, start);
  };
  return {
    ids: entriesOf(all, `index:${block}:ids`),
    state: column(STATE_WIDTH),
    details: column(DETAILS_WIDTH),
    seconds: column(SECOND_WIDTH),
    requesters: column(REQUESTER_WIDTH),
  };
}

function wrongLoads(all: Everything): string[] {
  return [...fieldsOf(all, 'agents:load')].flatMap(([agent, load]) => {
    const open = entriesOf(all, `agent:${agent}:tickets`).length;
    return Number(load) === open ? [] : [`${agent} has ${open} tickets and a load of ${load}`];
  });
}

function wrongIncidents(all: Everything): string[] {
  const ids = Object.keys(all).flatMap((name) => /^incident:(?<id>[^:]+)/.exec(name)?.groups?.['id'] ?? []);
  return [...new Set(ids)].flatMap((id) => wrongMembers(all, id));
}

function wrongMembers(all: Everything, id: string): string[] {
  const name = `incident:${id}`;
  const keys = [name, ...['members', 'similarity', 'requesters', 'counted'].map((key) => `${name}:${key}`)];
  // Another test corrupts one of the keys.
  if (keys.some((key) => all[key]?.[0] === 'stream')) return [];
  const incident = fieldsOf(all, name);
  const members = [...entriesOf(all, `${name}:members`)].sort();
  const counted = fieldsOf(all, `${name}:counted`);
  const isToBeDropped = entriesOf(all, 'incidents:ended').includes(id);
  const claims: readonly (readonly [what: string, is: unknown, shouldBe: unknown])[] = [
    ['how members joined', [...fieldsOf(all, `${name}:similarity`).keys()].sort(), members],
    ['requesters', sum(fieldsOf(all, `${name}:requesters`).values()), members.length],
    ['counted members', [...counted.keys()].filter((ticketId) => !members.includes(ticketId)), []],
    ...['Billing', 'Technical', 'Legal'].map((category) => {
      const count = [...counted.values()].filter((one) => one === category).length;
      return [category, Number(incident.get(`category:${category}`) ?? 0), count] as const;
    }),
    ...wrongMarks(all, name, counted),
    ['speaker', members.length === 0 || members.includes(incident.get('representative') ?? ''), true],
    ['what outlives it', keys.filter((key) => all[key] && !all[name] && !isToBeDropped), []],
    ['whether it is dropped some day', isToBeDropped, all[name]?.[2] ?? isToBeDropped],
  ];
  return claims.flatMap(([what, is, shouldBe]) => {
    const [found, expected] = [JSON.stringify(is), JSON.stringify(shouldBe)];
    return found === expected ? [] : [`${id}: ${what}: ${found} instead of ${expected}`];
  });
}

/** Members with a doubtful mark, by their own values and by the count of the incident. */
function wrongMarks(
  all: Everything,
  name: string,
  counted: ReadonlyMap<string, string>,
): (readonly [what: string, is: unknown, shouldBe: unknown])[] {
  const incident = fieldsOf(all, name);
  const marked = [...fieldsOf(all, `${name}:similarity`)].filter(([, joined]) => /^\S+ [!-][a-z]/.test(joined));
  const inCategory = (category: string): number => marked.filter(([id]) => counted.get(id) === category).length;
  return [
    ['doubtful members', Number(incident.get('marked') ?? 0), marked.length],
    ...['Billing', 'Technical', 'Legal'].map((category) => {
      const count = Number(incident.get(`marked:${category}`) ?? 0);
      return [`doubtful members of ${category}`, count, inCategory(category)] as const;
    }),
  ];
}

function sum(values: Iterable<string>): number {
  return [...values].reduce((total, value) => total + Number(value), 0);
}

/** The entries of a list, a set or a sorted set; none of a corrupt key. */
function entriesOf(all: Everything, name: string): string[] {
  const [type, value] = all[name] ?? [];
  if (type !== 'list' && type !== 'set' && type !== 'zset') return [];
  return (value as (string | [string, string])[]).map((entry) => (typeof entry === 'string' ? entry : entry[0]));
}

function fieldsOf(all: Everything, name: string): ReadonlyMap<string, string> {
  const [type, value] = all[name] ?? [];
  return new Map(type === 'hash' ? (value as [string, string][]) : []);
}
