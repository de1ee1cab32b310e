import type { Act } from '../act';
import { type ActKit, writeTickets } from '../act-kit';
import type { Timetable } from '../timetable';

/** Many everyday tickets at once: more than the agents have slots for. */
export function spike(kit: ActKit, { spike: rush }: Timetable): Act {
  return {
    id: 'spike',
    title: 'spike',
    story:
      'Several times as many everyday tickets as usual. Slots run out and lines grow, and both go down again by themselves.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(kit, rush, {
      act: 'spike',
      count: rush.tickets,
      text: () => kit.everydayText(),
      requester: () => kit.newRequester(),
    }),
    deeds: [],
  };
}
