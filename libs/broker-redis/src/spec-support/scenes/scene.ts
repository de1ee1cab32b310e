import type { Call, Command } from '../../commands/command-table';
import type { LuaReply } from '../../commands/lua-commands';
import { list, named } from '../../commands/replies';
import type { RawCommands } from '../raw-commands';
import type { Domain } from '../domain';

/** What a command does instead of refusing, where one corrupt key is no reason to stop; throws if it does not. */
export type Check = (reply: LuaReply, domain: Domain) => void | Promise<void>;

/** One way to meet a command, with everything there that it may touch. */
export interface Scene<Name extends Command = Command> {
  /** Prepares everything that the command shall meet; returns its arguments. */
  readonly prepare: (deeds: RawCommands, domain: Domain) => Promise<Call<Name>>;
  /** By key: where the command does not refuse as corrupt. */
  readonly copes?: Readonly<Record<string, Check>>;
  /** Keys that are given up for good when they are corrupt, so that mending them afterwards is too late. */
  readonly givenUp?: readonly string[];
}

/** Scenes of some commands, by what they show. */
export type ScenesOf<Some extends Command> = { readonly [Name in Some]: Readonly<Record<string, Scene<Name>>> };

/** Expects a list to hold one ticket and nothing else. */
export const inThePlace =
  (place: string, id: string): Check =>
  async (_reply, domain) => {
    const entries = (await domain.dump())[place]?.[1] as readonly (string | readonly string[])[];
    expect(entries.map((entry) => (typeof entry === 'string' ? entry : entry[0]))).toEqual([id]);
  };

/** Expects a ticket to be put aside, and nothing else. */
export const putAside = (id: string): Check => inThePlace('tickets:quarantined', id);

/** Expects an answer. */
export const answers =
  (expected: unknown): Check =>
  (reply) =>
    expect(reply).toEqual(expected);

/** What becomes of each ticket of a commit. */
export const eachIs =
  (...expected: readonly string[]): Check =>
  (reply) =>
    expect(
      list(reply)
        .slice(1)
        .map((one) => named(one)[0]),
    ).toEqual(expected);

/** Agents with a slot and a line behind them: whoever gets a slot now has somebody to take. */
export async function twoInLine(deeds: RawCommands): Promise<void> {
  await deeds.committed('first');
  await deeds.committed('second');
}

/** The same check for each of several keys. */
export const each = (keys: readonly string[], check: Check): Record<string, Check> =>
  Object.fromEntries(keys.map((key) => [key, check]));
