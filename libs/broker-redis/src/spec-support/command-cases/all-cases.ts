import { COMMANDS, type Command } from '../../commands/command-table';
import { ADOPTION_CASES } from './adoption';
import { AGENT_CASES } from './agents';
import { COMMIT_CASES } from './commit';
import { DEAD_LETTER_CASES } from './dead-letters';
import { OPERATOR_CASES, INCIDENT_READ_CASES, STORM_RECORD_CASES } from './incidents';
import { OUTBOX_AND_WORKER_CASES } from './outbox-and-workers';
import { QUEUE_CASES } from './queue';
import type { CommandCase, CasesOf } from './command-case';
import { STORM_LOG_CASES } from './storm-log';
import { SWEEP_CASES } from './sweep';
import { TICKET_ACTION_CASES } from './ticket-actions';
import { TICKET_INDEX_CASES } from './ticket-index';

export type { CommandCase } from './command-case';

const CASES: CasesOf<Command> = {
  ...QUEUE_CASES,
  ...COMMIT_CASES,
  ...AGENT_CASES,
  ...DEAD_LETTER_CASES,
  ...OUTBOX_AND_WORKER_CASES,
  ...ADOPTION_CASES,
  ...SWEEP_CASES,
  ...TICKET_INDEX_CASES,
  ...TICKET_ACTION_CASES,
  ...STORM_LOG_CASES,
  ...STORM_RECORD_CASES,
  ...OPERATOR_CASES,
  ...INCIDENT_READ_CASES,
};

/** For every command, cases that together show all its effects. */
export const COMMAND_CASES: readonly (readonly [command: Command, name: string, commandCase: CommandCase])[] = (
  Object.keys(COMMANDS) as Command[]
).flatMap((command) =>
  Object.entries(CASES[command] as Readonly<Record<string, CommandCase>>).map(
    ([name, commandCase]) => [command, name, commandCase] as const,
  ),
);
