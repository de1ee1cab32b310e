import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CleanUp } from '../e2e/harness/clean-up';
import { runWithCleanUp } from '../e2e/harness/run-with-clean-up';
import type { WrittenTicket } from '../storm-threshold/texts';
import { table } from '../train/report/markdown';
import { tryLiveVolume } from './live-volume';
import { burstTexts, byAbout, ordinaryTexts, outageTexts, print, seeOrdinary, seeTickets, standInsOf } from './texts';
import { REPORTS, type VolumeTrial, tryVolume } from './volume';
import { type VolumeOptions, readVolumeOptions } from './volume-options';

/**
 * Prints how many incidents and suspicions traffic of everyday matters makes at a new service, at several rates; and whether a burst in the middle of
 * it is found all the same. `--bursts=own-words` makes one run of three, `--workers=2` sends it through so many real workers, which takes as long as it says.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const options = readVolumeOptions(process.argv.slice(2));
  const { files, minutes, seed, workers } = options;
  const written = files.length === 0 ? ordinaryTexts() : files.flatMap(readTexts);
  const source = files.length === 0 ? 'data/tickets' : files.map((file) => basename(file)).join(', ');
  const how = workers > 0 ? `through ${workers} real workers` : 'in simulated time';
  const rows = workers > 0 ? await liveRows(written, options, cleanUp) : await simulatedRows(written, options);
  print(
    'Volume',
    `${written.length} texts of ${source}, shuffled, for ${minutes} minutes at a new service, ${how}, seed ${seed}; a burst has ${REPORTS} reports within a minute, in the middle.\n\n${table(
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
        'in s',
      ],
      rows,
    )}`,
  );
}

/** Name and reports of each burst; which of a kind, the seed says. */
function burstsOf({
  seed,
  bursts: kinds,
}: VolumeOptions): readonly (readonly [name: string, reports: readonly WrittenTicket[]])[] {
  const pick = (reports: readonly WrittenTicket[]): readonly WrittenTicket[] => {
    const bursts = byAbout(reports);
    return bursts[seed % bursts.length] ?? [];
  };
  return kinds.map((kind) => {
    if (kind === 'none') return [kind, []];
    const reports = pick(kind === 'own-words' ? burstTexts('failures') : outageTexts());
    return [`${kind}: ${reports[0]?.about}`, reports];
  });
}

async function simulatedRows(written: readonly WrittenTicket[], options: VolumeOptions): Promise<Row[]> {
  const { rates, minutes, seed } = options;
  const usual = standInsOf(await seeOrdinary());
  const texts = await seeTickets(written);
  const rows: Row[] = [];
  for (const perSecond of rates) {
    for (const [name, reports] of burstsOf(options)) {
      const burst = await seeTickets(reports);
      const begunMs = performance.now();
      const progress = progressOf(perSecond, name);
      const found = tryVolume(texts, burst, usual, { perSecond, minutes, seed, progress });
      rows.push(rowOf(perSecond, name, found, begunMs));
    }
  }
  return rows;
}

async function liveRows(written: readonly WrittenTicket[], options: VolumeOptions, cleanUp: CleanUp): Promise<Row[]> {
  const { rates, minutes, seed, workers } = options;
  const rows: Row[] = [];
  for (const perSecond of rates) {
    for (const [name, reports] of burstsOf(options)) {
      const ofRun = new CleanUp();
      cleanUp.defer(() => ofRun.dispose());
      const begunMs = performance.now();
      const run = { perSecond, minutes, seed, workers, progress: progressOf(perSecond, name) };
      const found = await tryLiveVolume(written, reports, run, ofRun);
      await ofRun.dispose();
      rows.push(rowOf(perSecond, name, { ...found, suspectedAfter: null }, begunMs));
    }
  }
  return rows;
}

type Row = readonly (string | number)[];

function rowOf(perSecond: number, name: string, found: VolumeTrial, begunMs: number): Row {
  tell();
  const row = [
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
  ];
  console.error(row.join(' | '));
  return row;
}

function progressOf(perSecond: number, name: string): (arrived: number, tickets: number) => void {
  return (arrived, tickets) => tell(`${perSecond} a second, ${name}`, arrived, tickets);
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

runWithCleanUp(main);
