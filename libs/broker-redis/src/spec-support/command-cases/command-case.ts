import type { Call, Command } from '../../commands/command-table';
import type { LuaReply } from '../../commands/lua-commands';
import { list, named } from '../../commands/replies';
import type { RawCommands } from '../raw-commands';
import type { Domain } from '../domain';

/** Checks what a command does that does not refuse a corrupt key; throws if that is wrong. */
export type Check = (reply: LuaReply, domain: Domain) => void | Promise<void>;

/** One case of a command, with every key that it may use. */
export interface CommandCase<Name extends Command = Command> {
  /** Prepares the keys of the command; returns its arguments. */
  readonly prepare: (commands: RawCommands, domain: Domain) => Promise<Call<Name>>;
  /** By corrupt key: the check, if the command does not refuse it as corrupt. */
  readonly tolerates?: Readonly<Record<string, Check>>;
  /** Keys that the command drops when they are corrupt, so that a later repair has no effect. */
  readonly dropped?: readonly string[];
}

/** Cases of some commands, by their descriptions. */
export type CasesOf<Some extends Command> = { readonly [Name in Some]: Readonly<Record<string, CommandCase<Name>>> };

/** Expects a list to have one ticket and nothing else. */
export const hasOnly =
  (place: string, id: string): Check =>
  async (_reply, domain) => {
    const entries = (await domain.dump())[place]?.[1] as readonly (string | readonly string[])[];
    expect(entries.map((entry) => (typeof entry === 'string' ? entry : entry[0]))).toEqual([id]);
  };

/** Expects only this ticket to be quarantined. */
export const isQuarantined = (id: string): Check => hasOnly('tickets:quarantined', id);

/** Expects a reply. */
export const replies =
  (expected: unknown): Check =>
  (reply) =>
    expect(reply).toEqual(expected);

/** Expects an outcome for each ticket of a commit. */
export const hasOutcomes =
  (...expected: readonly string[]): Check =>
  (reply) =>
    expect(
      list(reply)
        .slice(1)
        .map((one) => named(one)[0]),
    ).toEqual(expected);

/** Two tickets in line, which get slots that become free. */
export async function twoWaitingTickets(commands: RawCommands): Promise<void> {
  await commands.committed('first');
  await commands.committed('second');
}

/** The same check for each of several keys. */
export const forEachKey = (keys: readonly string[], check: Check): Record<string, Check> =>
  Object.fromEntries(keys.map((key) => [key, check]));
