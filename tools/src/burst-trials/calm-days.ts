import { DEFAULT_BROKER_OPTIONS } from '@smart-support/contracts';
import type { SeedReference } from '@smart-support/storm';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import { randomFrom } from '../train/random';
import { type Row, table } from '../train/report/markdown';
import { type FalseAlarms, countFalseAlarms } from './false-alarms';
import { personalRequests } from './personal-requests';
import { calmDays, endless, mixed } from './schedule';
import { SimulatedService } from './simulated-service';
import { print, seedReferenceOf, seeTickets } from './ticket-data';

const DAYS = 90;
const SEEDS = [20_264, 20_265, 20_266];
/** At 200 a day hardly any ticket has enough others for a suspected incident: at 2,000 most have. */
const TRAFFIC = [
  { perDay: 200, seeds: SEEDS },
  { perDay: 2_000, seeds: SEEDS.slice(0, 1) },
];
/** A Poisson variable with mean 3 exceeds it with a probability of about one in a hundred. */
const ALLOWED = 7;
const SHOWN = 12;

/** Requests of one person each: their share of all tickets, the number of different ones, and the traffic. */
const PERSONAL = { share: 0.4, requests: 6_000, perDay: 2_000, seed: 20_271, shown: 20 };

/** Prints the suspected and open incidents on days without a burst. */
export function printCalmDays(ordinary: readonly SeenTicket[], reference: SeedReference): void {
  const expected = (DEFAULT_BROKER_OPTIONS.bursts.falseAlarmsPerMonth * DAYS) / 30;
  const found = TRAFFIC.flatMap(({ perDay, seeds }) =>
    seeds.map((seed) => {
      const random = randomFrom(seed);
      const schedule = calmDays(endless(ordinary, random), { days: DAYS, perDay }, random);
      return { perDay, seed, ...countFalseAlarms(schedule, new SimulatedService(reference)) };
    }),
  );
  const rows = found.map((one): Row => {
    const verdict = [expected, ALLOWED, one.suspected <= ALLOWED ? 'yes' : 'no'];
    const counts = [one.tickets, one.withOthers, one.suspected, one.opened, one.suppressed, one.withSeed];
    return [one.perDay, one.seed, ...counts, ...verdict];
  });
  const head = ['a day', 'seed', 'tickets', 'with 5 others in their window', 'suspected', 'opened', 'suppressed'];
  print(`${DAYS} days without a burst`, table([...head, 'by the seed', 'expected at most', 'allowed', 'within'], rows));
  const topics = found.flatMap(({ perDay, seed, topics: all }) =>
    all.slice(0, SHOWN).map((one): Row => [perDay, seed, inWords(one)]),
  );
  if (topics.length > 0)
    print(`Topics of their founders, the first ${SHOWN} each`, table(['a day', 'seed', ''], topics));
}

/** Prints the incidents on days on which many people ask for the same kind of thing, each for themselves, without any failure. */
export async function printPersonalRequests(ordinary: readonly SeenTicket[]): Promise<void> {
  const { share, requests, perDay, seed, shown } = PERSONAL;
  const personal = await seeTickets(personalRequests(requests, randomFrom(seed)));
  const random = randomFrom(seed);
  const schedule = calmDays(mixed(ordinary, personal, share, random), { days: DAYS, perDay }, random);
  const found = countFalseAlarms(schedule, new SimulatedService(seedReferenceOf(ordinary)));
  const unnamed = personal.filter(({ identifiers }) => identifiers === '').length;
  print(
    `${DAYS} days of ${perDay} tickets, ${100 * share} % of them requests of one person each`,
    `Seed ${seed}. ${requests} different requests, ${unnamed} of them without any identifier, among the tickets of data/tickets.\n\n${table(
      ['tickets', 'incidents opened', 'tickets suppressed', 'suspected'],
      [[found.tickets, found.opened, found.suppressed, found.suspected]],
    )}`,
  );
  const topics = found.topics.slice(0, shown).map((one) => [inWords(one)]);
  if (topics.length > 0) print(`Topics of their founders, the first ${shown}`, table([''], topics));
}

function inWords(topics: FalseAlarms['topics'][number]): string {
  return topics.map(([topic, founders]) => `${topic} ${founders}`).join(', ');
}
