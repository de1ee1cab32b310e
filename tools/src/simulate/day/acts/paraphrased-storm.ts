import { shuffled } from '../../../train/random';
import type { Act } from '../act';
import { type ActKit, writeTickets } from '../act-kit';
import { PARAPHRASES } from '../texts/paraphrased';
import type { Timetable } from '../timetable';

/** One trouble in many people's own words. Whether the detector sees it is told, not judged. */
export function paraphrasedStorm(kit: ActKit, { paraphrased: rush }: Timetable): Act {
  const sentences = shuffled(PARAPHRASES, kit.random);
  return {
    id: 'paraphrased',
    title: 'paraphrases',
    story:
      'One trouble, but everybody puts it in their own words. It may open an incident or not: the report says what happened.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(kit, rush, {
      act: 'paraphrased',
      count: rush.tickets,
      text: (number) => sentences[number % sentences.length] ?? '',
      requester: () => kit.newRequester(),
    }),
    deeds: [],
  };
}
