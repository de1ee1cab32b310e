import { shuffled } from '../../../../../train/random';
import type { Scenario } from '../scenario';
import { type ScenarioTools, writeTickets } from '../scenario-tools';
import { PARAPHRASES } from '../texts/paraphrased';
import type { Timetable } from '../timetable';

/** One trouble in many people's own words. Whether the detector sees it is told, not judged. */
export function paraphrasedStorm(tools: ScenarioTools, { paraphrased: rush }: Timetable): Scenario {
  const sentences = shuffled(PARAPHRASES, tools.random);
  return {
    id: 'paraphrased',
    title: 'paraphrases',
    story:
      'One trouble, but everybody puts it in their own words. It may open an incident or not: the report says what happened.',
    fromMs: 1000 * rush.from,
    toMs: 1000 * rush.to,
    tickets: writeTickets(tools, rush, {
      scenario: 'paraphrased',
      count: rush.tickets,
      text: (number) => sentences[number % sentences.length] ?? '',
      requester: () => tools.newRequester(),
    }),
    actions: [],
  };
}
