import { SmartSupportError } from '@smart-support/contracts';
import type { StormSnapshot } from './storm-snapshot';

/** Raised with every change of the content; a snapshot of another format is not read. */
const FORMAT = 3;

/** Most characters of a part, unless a single item has more. */
const MOST_CHARACTERS = 65_536;

/** Lists that grow with the traffic. */
const LISTS = ['arrivals', 'incidents', 'unlinked', 'dropped'] as const;
type ListName = (typeof LISTS)[number];

/** All other fields, in the first part. */
type Head = Omit<StormSnapshot, ListName> & { readonly format: number };

/** A snapshot as JSON texts of bounded length, made one by one. */
export function* snapshotParts(snapshot: StormSnapshot): Generator<string> {
  const { arrivals, incidents, unlinked, dropped: dropped, ...rest } = snapshot;
  yield JSON.stringify({ format: FORMAT, ...rest } satisfies Head);
  for (const [name, items] of Object.entries({ arrivals, incidents, unlinked, dropped })) yield* listParts(name, items);
}

function* listParts(name: string, items: readonly unknown[]): Generator<string> {
  let part: string[] = [];
  let length = 0;
  const text = (): string => `{${JSON.stringify(name)}:[${part.join(',')}]}`;
  for (const item of items) {
    const json = JSON.stringify(item);
    if (part.length > 0 && length + json.length > MOST_CHARACTERS) {
      yield text();
      [part, length] = [[], 0];
    }
    part.push(json);
    length += json.length + 1;
  }
  if (part.length > 0) yield text();
}

/**
 * Joins the parts of {@link snapshotParts}.
 * @throws SmartSupportError `corrupt` for parts of another format, and for none
 */
export function snapshotFromParts(parts: Iterable<string>): StormSnapshot {
  let head: Head | undefined;
  const lists: Record<ListName, unknown[]> = { arrivals: [], incidents: [], unlinked: [], dropped: [] };
  for (const part of parts) {
    const read = parsed(part);
    if (!head) {
      if (read['format'] !== FORMAT) throw new SmartSupportError('corrupt', 'A snapshot of storms has another format');
      head = read as unknown as Head;
      continue;
    }
    for (const name of LISTS) for (const item of (read[name] as unknown[] | undefined) ?? []) lists[name].push(item);
  }
  if (!head) throw new SmartSupportError('corrupt', 'A snapshot of storms is empty');
  const { format: _format, ...rest } = head;
  return { ...rest, ...(lists as Pick<StormSnapshot, ListName>) };
}

function parsed(part: string): Record<string, unknown> {
  try {
    return (JSON.parse(part) ?? {}) as Record<string, unknown>;
  } catch {
    throw new SmartSupportError('corrupt', 'A part of a snapshot of storms is no JSON');
  }
}
