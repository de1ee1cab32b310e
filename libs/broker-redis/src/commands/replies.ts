import { SmartSupportError } from '@smart-support/contracts';
import type { Command } from './command-table';
import type { LuaReply } from './lua-commands';

/** A reply as a list. @throws Error for any other reply, which is a defect of the command */
export function list(reply: LuaReply | undefined): readonly LuaReply[] {
  if (Array.isArray(reply)) return reply as readonly LuaReply[];
  throw unexpected('a list', reply);
}

/** A reply as text. */
export function text(reply: LuaReply | undefined): string {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number') return String(reply);
  throw unexpected('a text', reply);
}

/** A reply as a list of texts. */
export function texts(reply: LuaReply | undefined): string[] {
  return list(reply).map(text);
}

/** A reply as a number. */
export function number(reply: LuaReply | undefined): number {
  const value = Number(text(reply));
  if (Number.isFinite(value)) return value;
  throw unexpected('a number', reply);
}

/** A flat list of names and values, as in the reply of `HGETALL`. */
export function fields(reply: LuaReply | undefined): ReadonlyMap<string, string> {
  const flat = texts(reply);
  const map = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) map.set(flat[index] ?? '', flat[index + 1] ?? '');
  return map;
}

/** The first item of a reply, which names the outcome, and the other items. */
export function named(reply: LuaReply): readonly [name: string, ...rest: LuaReply[]] {
  const [name, ...rest] = list(reply);
  return [text(name), ...rest];
}

/** The error for a reply that its command does not give. */
export function unknownReply(command: Command, name: string): SmartSupportError {
  return new SmartSupportError('internal', `The command "${command}" gave the unexpected reply "${name}"`);
}

function unexpected(what: string, reply: LuaReply | undefined): SmartSupportError {
  return new SmartSupportError('internal', `The store answered with ${typeof reply} where ${what} was expected`);
}
