import { rmSync, writeFileSync } from 'node:fs';
import type { BreakerLog, BreakerTurn } from './breaker-log';
import { Traffic, type Visit, visit } from './visits';

/** What an act works with. */
export interface Stage {
  readonly url: string;
  readonly faultsFile: string;
  readonly breaker: BreakerLog;
  /** A text that was not sent before. */
  readonly nextText: () => string;
  /** Told what happens, with the milliseconds since the act began. */
  readonly tell: (milliseconds: number, what: string) => void;
}

/** How long things take in an act. */
export interface Script {
  /** Tickets a second. */
  readonly perSecond: number;
  /** Milliseconds that each run of the model takes longer while it is slowed. */
  readonly slowedMs: number;
  /** Milliseconds for which it is slowed. */
  readonly slowedForMs: number;
}

/** What happened in an act. */
export interface ActRecord {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly beganAt: number;
  readonly slowedAt: number;
  readonly healedAt: number;
  readonly visits: readonly Visit[];
  readonly turns: readonly BreakerTurn[];
}

/** Calm before and after, in milliseconds. */
const CALM_MS = 5000;
/** A breaker that has not turned after this time, in milliseconds, will not. */
const PATIENCE_MS = 60_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The model becomes slow under steady traffic, and heals under it. */
export async function underLoad(stage: Stage, script: Script): Promise<ActRecord> {
  return play('under load', stage, script, async (act) => {
    const traffic = new Traffic(stage.url, script.perSecond, stage.nextText);
    await pause(CALM_MS);
    const opened = stage.breaker.next('opened', PATIENCE_MS);
    act.slow();
    await pause(script.slowedForMs);
    const closed = stage.breaker.next('closed', PATIENCE_MS);
    act.heal();
    await Promise.all([opened, closed]);
    await pause(CALM_MS);
    return traffic.stop();
  });
}

/** The model becomes slow, a few tickets open its breaker, and then nobody writes: it heals without traffic. */
export async function withoutTraffic(stage: Stage, script: Script): Promise<ActRecord> {
  return play('without traffic', stage, script, async (act) => {
    act.slow();
    // The file is looked at every second.
    await pause(1500);
    const opened = stage.breaker.next('opened', PATIENCE_MS);
    const visits: Promise<Visit>[] = [];
    const few = setInterval(() => visits.push(visit(stage.url, stage.nextText())), 1000 / script.perSecond);
    await opened;
    clearInterval(few);
    act.tell(`nobody writes any more, after ${visits.length} tickets`);
    await pause(script.slowedForMs);
    const closed = stage.breaker.next('closed', PATIENCE_MS);
    act.heal();
    await closed;
    visits.push(visit(stage.url, stage.nextText()));
    return Promise.all(visits);
  });
}

async function play(
  name: string,
  { faultsFile, breaker, tell }: Stage,
  { slowedMs }: Script,
  plot: (act: { slow(): void; heal(): void; tell(what: string): void }) => Promise<Visit[]>,
): Promise<ActRecord> {
  const beganAt = Date.now();
  const since = (): number => Date.now() - beganAt;
  const firstTurn = breaker.turns.length;
  let slowedAt = NaN;
  let healedAt = NaN;
  const visits = await plot({
    slow: () => {
      slowedAt = Date.now();
      writeFileSync(faultsFile, JSON.stringify({ inference: { delay_ms: slowedMs } }));
      tell(since(), `every run of the model takes ${slowedMs} ms longer`);
    },
    heal: () => {
      healedAt = Date.now();
      rmSync(faultsFile);
      tell(since(), 'the model is as fast as before');
    },
    tell: (what) => tell(since(), what),
  });
  const turns = breaker.turns.slice(firstTurn);
  return { name, beganAt, slowedAt, healedAt, visits, turns };
}
