import { engineWasThere } from './engine';
import type { Evidence } from './evidence';
import type { Finding } from './finding';
import { stormsWereSeen } from './storms';
import { ticketsWereCaredFor } from './tickets';
import { webhooksWereRight } from './webhooks';

/** Holds the evidence against everything that must hold. */
export function runDayAudits(evidence: Evidence): readonly Finding[] {
  return [ticketsWereCaredFor, stormsWereSeen, webhooksWereRight, engineWasThere].flatMap((rules) => rules(evidence));
}
