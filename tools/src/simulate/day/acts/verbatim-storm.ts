import type { Act } from '../act';
import { type ActKit, writeTickets } from '../act-kit';
import { verbatimText } from '../texts/verbatim';
import type { Timetable } from '../timetable';

/** An outage: nearly the same text from hundreds of people. An operator resolves its incident later. */
export function verbatimStorm(kit: ActKit, { verbatim: rush }: Timetable): Act {
  return {
    id: 'verbatim',
    title: 'verbatim storm',
    story:
      'Nearly the same text from many requesters. The eleventh opens one Master Incident; from then on they are suppressed, without alerts. ' +
      'An operator resolves it: its suppressed members are completed.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(kit, rush, {
      act: 'verbatim',
      count: rush.tickets,
      text: (number) => verbatimText(number, kit.random),
      requester: () => kit.newRequester(),
    }),
    deeds: [{ atMs: 1000 * rush.resolvedAt, deed: { kind: 'resolve', incidentOf: 'verbatim' } }],
  };
}
