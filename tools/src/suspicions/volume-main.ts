import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { SeenTicket } from '../storm-threshold/seen-ticket';
import type { WrittenTicket } from '../storm-threshold/texts';
import { table } from '../train/report/markdown';
import { seeTickets, print, seeBursts, seeOrdinary, seeOutages, standInsOf } from './texts';
import { REPORTS, tryVolume } from './volume';
import { readVolumeOptions } from './volume-options';

/**
 * Prints how many incidents and suspicions traffic of everyday matters makes at a new service, at several rates; and whether a burst in the middle of
 * it is found all the same.
 */
async function main(): Promise<void> {
  const { files, rates, minutes, seed } = readVolumeOptions(process.argv.slice(2));
  const ordinary = await seeOrdinary();
  const usual = standInsOf(ordinary);
  const texts = files.length === 0 ? ordinary : await seeTickets(files.flatMap(readTexts));
  const failures = await seeBursts('failures');
  const outages = await seeOutages();
  const pick = (bursts: readonly (readonly SeenTicket[])[]) => bursts[seed % bursts.length] ?? [];
  const bursts = [
    ['none', []],
    [`own words: ${pick(failures)[0]?.about}`, pick(failures)],
    [`near-copies: ${pick(outages)[0]?.about}`, pick(outages)],
  ] as const;
  const rows: (string | number)[][] = [];
  for (const perSecond of rates) {
    for (const [name, burst] of bursts) {
      const begunMs = performance.now();
      const progress = (arrived: number, tickets: number): void =>
        tell(`${perSecond} a second, ${name}`, arrived, tickets);
      const found = tryVolume(texts, burst, usual, { perSecond, minutes, seed, progress });
      tell();
      rows.push([
        perSecond,
        found.tickets,
        name,
        found.otherIncidents,
        found.otherSuspicions,
        found.suspectedAfter ?? '-',
        found.openedAfter ?? '-',
        found.held,
        found.strangers,
        found.suppressed,
        ((performance.now() - begunMs) / 1_000).toFixed(0),
      ]);
    }
  }
  const source = files.length === 0 ? 'data/tickets' : files.map((file) => basename(file)).join(', ');
  print(
    'Volume',
    `${texts.length} texts of ${source}, shuffled, for ${minutes} minutes at a new service, seed ${seed}; a burst has ${REPORTS} reports within a minute, in the middle.\n\n${table(
      [
        'a second',
        'tickets',
        'burst',
        'incidents about others',
        'suspicions about others',
        'suspected at its report',
        'opened at its report',
        'of its reports held',
        'other tickets held',
        'suppressed',
        'computed in s',
      ],
      rows,
    )}`,
  );
}

function readTexts(file: string): WrittenTicket[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      if (line.trim() === '') return [];
      return [{ id: `${file}:${at + 1}`, about: basename(file), text: textOf(line, `${file}, line ${at + 1}`) }];
    });
}

function textOf(line: string, where: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${where}: not JSON`, { cause });
  }
  const text = typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined;
  if (typeof text !== 'string' || text.trim() === '') throw new Error(`${where}: no text`);
  return text;
}

/** A line that changes in place on a terminal; without arguments it is cleared. */
function tell(what?: string, arrived = 0, tickets = 0): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(what === undefined ? '\r\u001B[K' : `\r\u001B[K${what}: ${arrived} of ${tickets} tickets`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
