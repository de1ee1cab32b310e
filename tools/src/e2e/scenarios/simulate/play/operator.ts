import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, ResolvedIncident } from '@smart-support/contracts';
import type { HttpClient } from '../../../harness/http-client';
import { readMembers } from '../../../harness/read-members';
import type { DayEnding } from '../audit/day-evidence';
import { type ScenarioId, scenarioOfTicket } from '../day/scenario';

/** Longest time for finding and ending an incident, in milliseconds. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 200;

/**
 * Ends the incident that tickets of a scenario opened.
 * @returns undefined if there was none
 */
export async function endIncident(
  client: HttpClient,
  action: 'resolve' | 'reject',
  scenario: ScenarioId,
): Promise<DayEnding | undefined> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const { body } = await client.send('GET', '/incidents');
    const { incidents = [] } = (body ?? {}) as { readonly incidents?: readonly Incident[] };
    const found = incidents.find(
      ({ status, representative_ticket_id: ticket }) =>
        ['open', 'quiet'].includes(status) && scenarioOfTicket(ticket) === scenario,
    );
    if (found) {
      const members = await readMembers(client, found.id);
      const { status, body: ended } = await client.send('POST', `/incidents/${found.id}/${action}`, {});
      // Redis may be away: then the answer is 503, and the operator tries again.
      const { first = [] } = ((ended ?? {}) as Partial<ResolvedIncident>).doubtful_members ?? {};
      const doubtful = first.map(({ ticket_id }) => ticket_id);
      if (status === 200) return { incidentId: found.id, action, answers: [status], members, doubtful };
    }
    await sleep(LOOK_MS);
  }
  return undefined;
}
