import type { Act } from '../act';
import { type ActKit, writeTickets } from '../act-kit';
import { ANGRY_REQUESTER, angryText } from '../texts/angry';
import type { Timetable } from '../timetable';

/** One person who writes the same again and again. */
export function angryCustomer(kit: ActKit, { angry: rush }: Timetable): Act {
  return {
    id: 'angry',
    title: 'angry customer',
    story: `One customer writes ${rush.tickets} times. One requester counts once: no incident opens, every ticket is routed.`,
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(kit, rush, {
      act: 'angry',
      count: rush.tickets,
      text: angryText,
      requester: () => ANGRY_REQUESTER,
    }),
    deeds: [],
  };
}
