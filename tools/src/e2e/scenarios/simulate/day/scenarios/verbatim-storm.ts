import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import { verbatimText } from '../texts/verbatim';
import type { Timetable } from '../timetable';

/** An outage: nearly the same text from hundreds of people. An operator resolves its incident later. */
export function verbatimStorm(tools: ScenarioTools, { verbatim: rush }: Timetable): Scenario {
  return {
    id: 'verbatim',
    title: 'verbatim storm',
    story:
      'Nearly the same text from many requesters. The eleventh opens one Master Incident; from then on they are suppressed, without alerts. ' +
      'An operator resolves it: its suppressed members are completed.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(tools, rush, {
      scenario: 'verbatim',
      count: rush.tickets,
      text: (number) => verbatimText(number, tools.random),
      requester: () => tools.newRequester(),
    }),
    actions: [{ atMs: 1000 * rush.resolvedAt, action: { kind: 'resolve', incidentOf: 'verbatim' } }],
  };
}
