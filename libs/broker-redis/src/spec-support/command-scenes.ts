import type { Command } from '../commands/lua-source';
import { ADOPTION_SCENES } from './scenes/adoption';
import { AGENT_SCENES } from './scenes/agents';
import { COMMIT_SCENES } from './scenes/commit';
import { DEAD_LETTER_SCENES } from './scenes/dead-letters';
import { OPERATOR_SCENES, SHOWN_INCIDENT_SCENES, SYNC_SCENES } from './scenes/incidents';
import { OUTBOX_AND_WORKER_SCENES } from './scenes/outbox-and-workers';
import { QUEUE_SCENES } from './scenes/queue';
import type { ScenesOf } from './scenes/scene';
import { STORM_LOG_SCENES } from './scenes/storm-log';
import { SWEEP_SCENES } from './scenes/sweep';

export type { Scene } from './scenes/scene';

/** For every command, scenes in which it does all that it can do. */
export const SCENES: ScenesOf<Command> = {
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
