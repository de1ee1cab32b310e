import { shuffled } from '../../../../train/random';
import type { PlannedAction, PlannedTicket, Scenario, ScenarioId } from './scenario';
import { ANGRY_REQUESTER, angryText } from './texts/angry';
import { FORM_LETTER } from './texts/letters';
import { PARAPHRASES } from './texts/paraphrased';
import { verbatimText } from './texts/verbatim';
import type { Stretch, Timetable } from './timetable';

/** What scenarios are planned with; every random choice comes from the seed of the day. */
export interface ScenarioTools {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** A text of the training tickets that was not sent yet, while there are any. */
  readonly everydayText: () => string;
  /** The address of a new requester. */
  readonly newRequester: () => string;
}

/** Share of the tickets around the kill that come before it, so that the worker has tickets in flight. */
const BEFORE_KILL = 0.8;

/** All scenarios of a day. Their order decides which random numbers each gets, and so what a seed means. */
export function planScenarios(tools: ScenarioTools, timetable: Timetable): readonly Scenario[] {
  const { spike, verbatim, angry, paraphrased, slow, kill, letters, redis } = timetable;
  const { random, everydayText, newRequester } = tools;
  const everyday = { text: everydayText, requester: newRequester };
  return [
    {
      ...spanOf('spike', spike),
      title: 'spike',
      story:
        'Several times as many everyday tickets. Slots run out and lines grow, and both go down again by themselves.',
      tickets: planTickets(tools, 'spike', spike, spike.tickets, everyday),
    },
    {
      ...spanOf('verbatim', verbatim, [action(verbatim.resolvedAt, { kind: 'resolve', incidentOf: 'verbatim' })]),
      title: 'verbatim storm',
      story:
        'Nearly the same text from many requesters. The eleventh opens one Master Incident; from then on they are suppressed, without alerts. ' +
        'An operator resolves it: its suppressed members are completed.',
      tickets: planTickets(tools, 'verbatim', verbatim, verbatim.tickets, {
        text: (number) => verbatimText(number, random),
        requester: newRequester,
      }),
    },
    {
      ...spanOf('angry', angry),
      title: 'angry customer',
      story: `One customer writes ${angry.tickets} times. One requester counts once: no incident opens, every ticket is routed.`,
      tickets: planTickets(tools, 'angry', angry, angry.tickets, { text: angryText, requester: () => ANGRY_REQUESTER }),
    },
    {
      ...spanOf('paraphrased', paraphrased),
      title: 'paraphrases',
      story:
        "One failure in every customer's own words. It may open an incident or not: the report shows what happened.",
      tickets: paraphrasedTickets(tools, paraphrased),
    },
    {
      ...spanOf('slow', slow, [
        action(slow.from, { kind: 'slow-model', delayMs: slow.delayMs }),
        action(slow.to, { kind: 'slow-model', delayMs: 0 }),
      ]),
      title: 'slow model',
      story: `Every run of the model takes ${slow.delayMs} ms longer. The breakers open, the baseline answers at once, and they close by themselves afterwards.`,
      tickets: [],
    },
    {
      ...spanOf('kill', kill, [action(kill.at, { kind: 'kill-worker', worker: 0 })]),
      title: 'worker killed',
      story:
        'SIGKILL to a worker with tickets in flight. Another worker claims them when the lease has expired; a new worker starts.',
      tickets: killTickets(tools, kill),
    },
    {
      ...spanOf('letters', letters, [action(letters.rejectedAt, { kind: 'reject', incidentOf: 'letters' })]),
      title: 'form letters',
      story:
        'A printed form letter: the same words from many requesters, but no common cause. An incident opens; an operator rejects it, ' +
        'and its suppressed members are queued again and routed, each once.',
      tickets: planTickets(tools, 'letters', letters, letters.tickets, {
        text: () => FORM_LETTER,
        requester: newRequester,
      }),
    },
    {
      ...spanOf('redis', redis, [
        action(redis.from, { kind: 'kill-redis' }),
        action(redis.to, { kind: 'restart-redis' }),
      ]),
      title: 'Redis away',
      story:
        'SIGKILL to Redis, which comes back from its append-only file. Meanwhile the gateway routes in its own process (200 instead of 202), ' +
        'and hands over what it routed afterwards.',
      tickets: [],
    },
    {
      ...spanOf('office', { from: 0, to: timetable.seconds }),
      title: 'office hours',
      story: 'Everyday tickets all day, each of another requester.',
      tickets: officeTickets(tools, timetable),
    },
  ];
}

function action(atSeconds: number, what: PlannedAction['action']): PlannedAction {
  return { atMs: 1000 * atSeconds, action: what };
}

function spanOf(
  id: ScenarioId,
  { from, to }: Stretch,
  actions: readonly PlannedAction[] = [],
): Pick<Scenario, 'id' | 'fromMs' | 'toMs' | 'actions'> {
  return { id, fromMs: 1000 * from, toMs: 1000 * to, actions };
}

/** Tickets of one scenario, each at a random moment of a stretch. */
function planTickets(
  { random }: ScenarioTools,
  scenario: ScenarioId,
  { from, to }: Stretch,
  count: number,
  { text, requester }: { readonly text: (number: number) => string; readonly requester: () => string },
): readonly PlannedTicket[] {
  const moments = Array.from({ length: count }, () => from + (to - from) * random()).sort((a, b) => a - b);
  return moments.map((moment, number) => ({
    ...{ atMs: Math.round(1000 * moment), id: `${scenario}-${number + 1}`, scenario },
    ...{ text: text(number), requester: requester() },
  }));
}

function paraphrasedTickets(tools: ScenarioTools, paraphrased: Timetable['paraphrased']): readonly PlannedTicket[] {
  const sentences = shuffled(PARAPHRASES, tools.random);
  return planTickets(tools, 'paraphrased', paraphrased, paraphrased.tickets, {
    text: (number) => sentences[number % sentences.length] ?? '',
    requester: tools.newRequester,
  });
}

function killTickets(tools: ScenarioTools, kill: Timetable['kill']): readonly PlannedTicket[] {
  const before = Math.round(BEFORE_KILL * kill.tickets);
  const everyday = { text: tools.everydayText, requester: tools.newRequester };
  const first = planTickets(tools, 'kill', { from: kill.from, to: kill.at }, before, everyday);
  const rest = planTickets(tools, 'kill', { from: kill.at, to: kill.to }, kill.tickets - before, everyday);
  return [...first, ...rest].map((ticket, index) => ({ ...ticket, id: `kill-${index + 1}` }));
}

function officeTickets({ random, everydayText, newRequester }: ScenarioTools, { seconds, everyday }: Timetable) {
  const tickets: PlannedTicket[] = [];
  for (let moment = 0; ;) {
    // Requesters are independent of one another, so the time to the next ticket is exponential; it is shorter at busy hours.
    moment += -Math.log(1 - random()) / (everyday * busyness(moment / seconds));
    if (moment >= seconds) return tickets;
    const id = `office-${tickets.length + 1}`;
    const [text, requester] = [everydayText(), newRequester()];
    tickets.push({ atMs: Math.floor(1000 * moment), id, scenario: 'office', text, requester });
  }
}

/** How busy a part of the day is, in [0.4, 1]: most before and after noon. */
function busyness(part: number): number {
  const morning = Math.min(1, part / 0.08);
  const evening = Math.min(1, (1 - part) / 0.1);
  const lunch = 1 - 0.35 * Math.exp(-(((part - 0.45) / 0.06) ** 2));
  return 0.4 + 0.6 * Math.min(morning, evening, lunch);
}
