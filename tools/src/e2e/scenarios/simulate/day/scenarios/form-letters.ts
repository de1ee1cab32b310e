import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import { FORM_LETTER } from '../texts/letters';
import type { Timetable } from '../timetable';

/** What looks like an outage and is none. An operator rejects its incident later. */
export function formLetters(tools: ScenarioTools, { letters: rush }: Timetable): Scenario {
  return {
    id: 'letters',
    title: 'form letters',
    story:
      'A printed form letter: the same words from many requesters, but no common cause. An incident opens; an operator rejects it, ' +
      'and its suppressed members are queued again and routed, each once.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(tools, rush, {
      scenario: 'letters',
      count: rush.tickets,
      text: () => FORM_LETTER,
      requester: () => tools.newRequester(),
    }),
    actions: [{ atMs: 1000 * rush.rejectedAt, action: { kind: 'reject', incidentOf: 'letters' } }],
  };
}
