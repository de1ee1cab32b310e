import { types } from 'node:util';
import { isError, loggableError } from './loggable-error';
import { loggableText } from './loggable-text';
import { isSecretField, REDACTED } from './secret-fields';

/** Bounds of one log line: levels of nesting, entries of one record or list, and values in all. */
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_VALUES = 500;

/** What is known on the way down: the objects above, and how many values the line still takes. */
interface Walk {
  readonly ancestors: object[];
  valuesLeft: number;
}

/**
 * The fields of a log line, copied without anything that must not be logged: fields with the names of
 * {@link isSecretField} at any depth, what errors carry along, passwords in addresses.
 * Whatever it is given, it returns something JSON can hold, of bounded size: cycles, getters that throw,
 * vectors, class instances and huge lists become a short note in square brackets.
 */
export function loggableFields(fields: object): Record<string, unknown> {
  const walk: Walk = { ancestors: [], valuesLeft: MAX_VALUES };
  if (isError(fields)) return copyRecord({ err: fields }, walk);
  return isPlain(fields) ? copyRecord(fields, walk) : copyRecord({ value: fields }, walk);
}

function copyRecord(record: object, walk: Walk): Record<string, unknown> {
  // Without a prototype, so that a field called __proto__ is a field like any other.
  const copy = Object.create(null) as Record<string, unknown>;
  const names = Object.keys(record);
  walk.ancestors.push(record);
  for (const name of names.slice(0, MAX_ENTRIES)) {
    copy[loggableText(name)] = isSecretField(name) ? REDACTED : copyField(record, name, walk);
  }
  walk.ancestors.pop();
  if (names.length > MAX_ENTRIES) copy['...'] = `[${names.length - MAX_ENTRIES} more]`;
  return copy;
}

function copyField(record: object, name: string, walk: Walk): unknown {
  const depth = walk.ancestors.length;
  try {
    return copyValue((record as Readonly<Record<string, unknown>>)[name], walk);
  } catch {
    walk.ancestors.length = depth;
    return '[Unreadable]';
  }
}

function copyList(list: readonly unknown[], walk: Walk): unknown[] {
  walk.ancestors.push(list);
  const copy = list.slice(0, MAX_ENTRIES).map((item) => copyValue(item, walk));
  walk.ancestors.pop();
  return list.length > MAX_ENTRIES ? [...copy, `[${list.length - MAX_ENTRIES} more]`] : copy;
}

function copyValue(value: unknown, walk: Walk): unknown {
  walk.valuesLeft -= 1;
  if (walk.valuesLeft < 0) return '[Too much]';
  if (typeof value === 'string') return loggableText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return loggableError(value);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? '[Invalid date]' : value.toISOString();
  if (value instanceof URL) return loggableText(value.href);
  if (walk.ancestors.includes(value)) return '[Circular]';
  if (walk.ancestors.length >= MAX_DEPTH) return '[Too deep]';
  if (Array.isArray(value)) return copyList(value, walk);
  return isPlain(value) ? copyRecord(value, walk) : `[${loggableText(String(value.constructor?.name))}]`;
}

/** Whether an object is a plain record, of whichever realm: made by a literal, by JSON.parse or without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
