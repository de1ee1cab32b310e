import type { Scenario, PlannedTicket } from '../scenario';
import type { ScenarioTools } from '../scenario-tools';
import type { Timetable } from '../timetable';

/** Everyday tickets all day: few in the early morning, most before and after noon, fewer towards the evening. */
export function officeHours(tools: ScenarioTools, { seconds, everyday }: Timetable): Scenario {
  const tickets: PlannedTicket[] = [];
  for (let moment = 0; ;) {
    // People do not wait for one another: the time to the next ticket is by chance, and shorter at busy hours.
    moment += -Math.log(1 - tools.random()) / (everyday * busyness(moment / seconds));
    if (moment >= seconds) break;
    const id = `office-${tickets.length + 1}`;
    const [text, requester] = [tools.everydayText(), tools.newRequester()];
    tickets.push({ atMs: Math.floor(1000 * moment), id, scenario: 'office', text, requester });
  }
  return {
    id: 'office',
    title: 'office hours',
    story: 'Everyday tickets all day long, each by somebody else.',
    fromMs: 0,
    toMs: 1000 * seconds,
    tickets,
    actions: [],
  };
}

/** How busy it is at a part of the day, in [0.4, 1]. */
function busyness(part: number): number {
  const morning = Math.min(1, part / 0.08);
  const evening = Math.min(1, (1 - part) / 0.1);
  const lunch = 1 - 0.35 * Math.exp(-(((part - 0.45) / 0.06) ** 2));
  return 0.4 + 0.6 * Math.min(morning, evening, lunch);
}
