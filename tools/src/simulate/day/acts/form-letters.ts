import type { Act } from '../act';
import { type ActKit, writeTickets } from '../act-kit';
import { FORM_LETTER } from '../texts/letters';
import type { Timetable } from '../timetable';

/** What looks like an outage and is none. An operator rejects its incident later. */
export function formLetters(kit: ActKit, { letters: rush }: Timetable): Act {
  return {
    id: 'letters',
    title: 'form letters',
    story:
      'A printed form letter: the same words from many requesters, but no common cause. An incident opens; an operator rejects it, ' +
      'and its suppressed members are queued again and routed, each once.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(kit, rush, {
      act: 'letters',
      count: rush.tickets,
      text: () => FORM_LETTER,
      requester: () => kit.newRequester(),
    }),
    deeds: [{ atMs: 1000 * rush.rejectedAt, deed: { kind: 'reject', incidentOf: 'letters' } }],
  };
}
