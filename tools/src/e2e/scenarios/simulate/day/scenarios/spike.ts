import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import type { Timetable } from '../timetable';

/** Many everyday tickets at once: more than the agents have slots for. */
export function spike(tools: ScenarioTools, { spike: rush }: Timetable): Scenario {
  return {
    id: 'spike',
    title: 'spike',
    story:
      'Several times as many everyday tickets as usual. Slots run out and lines grow, and both go down again by themselves.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(tools, rush, {
      scenario: 'spike',
      count: rush.tickets,
      text: () => tools.everydayText(),
      requester: () => tools.newRequester(),
    }),
    actions: [],
  };
}
