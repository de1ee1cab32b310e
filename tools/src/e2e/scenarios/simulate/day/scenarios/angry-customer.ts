import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import { ANGRY_REQUESTER, angryText } from '../texts/angry';
import type { Timetable } from '../timetable';

/** One person who writes the same again and again. */
export function angryCustomer(tools: ScenarioTools, { angry: rush }: Timetable): Scenario {
  return {
    id: 'angry',
    title: 'angry customer',
    story: `One customer writes ${rush.tickets} times. One requester counts once: no incident opens, every ticket is routed.`,
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(tools, rush, {
      scenario: 'angry',
      count: rush.tickets,
      text: angryText,
      requester: () => ANGRY_REQUESTER,
    }),
    actions: [],
  };
}
