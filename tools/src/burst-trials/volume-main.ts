import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { WrittenTicket } from '../storm-threshold/texts';
import { loadTexts } from '../train/dataset';
import { table } from '../train/report/markdown';
import {
  burstTexts,
  byAbout,
  ordinaryTexts,
  outageTexts,
  print,
  seeOrdinary,
  seeTickets,
  seedReferenceOf,
} from './ticket-data';
import { REPORTS, tryVolume } from './volume';
import { runTool } from '../workspace/run-tool';

/** No burst, one in people's own words, or one of near-copies. */
const BURSTS = ['none', 'own-words', 'near-copies'] as const;

const HEAD = [
  'a second',
  'tickets',
  'burst',
  'incidents about others',
  'suspected about others',
  'suspected at its report',
  'opened at its report',
  'members of it',
  'other members',
  'suppressed',
];

/**
 * Prints the incidents that traffic of everyday matters causes at a new service, at several rates, and whether a burst in the middle of it is found. In simulated time.
 * `--tickets=<file>` reads the traffic from JSON lines with a `text`, by default data/tickets; `--rates=0.1,12` in tickets per second; `--minutes=60`; `--seed=1`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tickets: { type: 'string', multiple: true, default: [] },
      rates: { type: 'string', default: '0.1,1,12,50' },
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
    },
  });
  const rates = values.rates.split(',').map(Number);
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (![...rates, minutes].every((number) => number > 0 && Number.isFinite(number)) || !Number.isInteger(seed)) {
    throw new Error('--rates and --minutes must be positive numbers, and --seed a whole number');
  }
  const written = values.tickets.length === 0 ? ordinaryTexts() : values.tickets.flatMap(readTickets);
  const source = values.tickets.map((file) => basename(file)).join(', ') || 'data/tickets';
  const reference = seedReferenceOf(await seeOrdinary());
  const texts = await seeTickets(written);
  const rows: (string | number)[][] = [];
  for (const perSecond of rates) {
    for (const kind of BURSTS) {
      const reports = reportsOf(kind, seed);
      const found = tryVolume(texts, await seeTickets(reports), reference, { perSecond, minutes, seed });
      const row = [
        perSecond,
        found.tickets,
        reports[0] ? `${kind}: ${reports[0].about}` : kind,
        found.otherIncidents,
        found.otherSuspected,
        found.suspectedAfter ?? '-',
        found.openedAfter ?? '-',
        found.members,
        found.strangers,
        found.suppressed,
      ];
      console.error(row.join(' | '));
      rows.push(row);
    }
  }
  print(
    'Volume',
    `${written.length} texts of ${source}, shuffled, for ${minutes} minutes at a new service, seed ${seed}; a burst has ${REPORTS} reports within a minute, in the middle.\n\n${table(HEAD, rows)}`,
  );
}

/** The reports of the burst of a kind that the seed selects. */
function reportsOf(kind: (typeof BURSTS)[number], seed: number): readonly WrittenTicket[] {
  if (kind === 'none') return [];
  const bursts = byAbout(kind === 'own-words' ? burstTexts('failures') : outageTexts());
  return bursts[seed % bursts.length] ?? [];
}

function readTickets(file: string): WrittenTicket[] {
  return loadTexts(file).map((text, at) => ({ id: `${file}:${at + 1}`, about: basename(file), text }));
}

runTool(main);
