import { COMMANDS, type Command } from '../commands/command-table';
import { ADOPTION_SCENES } from './scenes/adoption';
import { AGENT_SCENES } from './scenes/agents';
import { COMMIT_SCENES } from './scenes/commit';
import { DEAD_LETTER_SCENES } from './scenes/dead-letters';
import { OPERATOR_SCENES, SHOWN_INCIDENT_SCENES, SYNC_SCENES } from './scenes/incidents';
import { OUTBOX_AND_WORKER_SCENES } from './scenes/outbox-and-workers';
import { QUEUE_SCENES } from './scenes/queue';
import type { Scene, ScenesOf } from './scenes/scene';
import { STORM_LOG_SCENES } from './scenes/storm-log';
import { SWEEP_SCENES } from './scenes/sweep';

export type { Scene } from './scenes/scene';

const SCENES: ScenesOf<Command> = {
  ...QUEUE_SCENES,
  ...COMMIT_SCENES,
  ...AGENT_SCENES,
  ...DEAD_LETTER_SCENES,
  ...OUTBOX_AND_WORKER_SCENES,
  ...ADOPTION_SCENES,
  ...SWEEP_SCENES,
  ...STORM_LOG_SCENES,
  ...SYNC_SCENES,
  ...OPERATOR_SCENES,
  ...SHOWN_INCIDENT_SCENES,
};

/** For every command, scenes in which it does all that it can do. */
export const ALL_SCENES: readonly (readonly [command: Command, name: string, scene: Scene])[] = (
  Object.keys(COMMANDS) as Command[]
).flatMap((command) =>
  Object.entries(SCENES[command] as Readonly<Record<string, Scene>>).map(
    ([name, scene]) => [command, name, scene] as const,
  ),
);
