import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer, HttpClient } from '../../harness/http-client';
import type { BreakerChange, BreakerLog } from './breaker-log';

/** What a phase works with. */
export interface DrillEnvironment {
  readonly client: HttpClient;
  /** Absolute path of the file that injects faults. */
  readonly faultsFile: string;
  readonly breaker: BreakerLog;
  /** A text that was not sent before. */
  readonly nextText: () => string;
  /** Prints what happens, after the milliseconds since the phase began. */
  readonly print: (milliseconds: number, line: string) => void;
}

/** How a phase is paced. */
export interface Script {
  /** Tickets a second. */
  readonly perSecond: number;
  /** Milliseconds that each run of the model takes longer while it is slowed. */
  readonly slowedMs: number;
  /** Milliseconds for which it is slowed. */
  readonly slowedForMs: number;
}

/** What happened in a phase. Times are milliseconds since 1970. */
export interface PhaseRecord {
  readonly name: string;
  readonly beganAt: number;
  readonly slowedAt: number;
  readonly healedAt: number;
  /** The answers to all tickets. */
  readonly answers: readonly HttpAnswer[];
  readonly changes: readonly BreakerChange[];
}

/** Milliseconds of normal traffic before and after. */
const CALM_MS = 5000;

/** The model becomes slow under steady traffic, and recovers under it. */
export function underLoad(environment: DrillEnvironment, script: Script): Promise<PhaseRecord> {
  const { breaker } = environment;
  return runPhase('under load', environment, script, async (phase) => {
    const answers: Promise<HttpAnswer>[] = [];
    const traffic = setInterval(() => answers.push(phase.sendTicket()), 1000 / script.perSecond);
    await sleep(CALM_MS);
    const opened = breaker.waitFor('opened');
    phase.slowDown();
    await sleep(script.slowedForMs);
    const closed = breaker.waitFor('closed');
    phase.heal();
    await Promise.all([opened, closed]);
    await sleep(CALM_MS);
    clearInterval(traffic);
    return Promise.all(answers);
  });
}

/** The model becomes slow, a few tickets open its breaker, and then none arrives: the breaker closes without traffic. */
export function withoutTraffic(environment: DrillEnvironment, script: Script): Promise<PhaseRecord> {
  const { breaker } = environment;
  return runPhase('without traffic', environment, script, async (phase) => {
    phase.slowDown();
    // The gateway reads the file every second.
    await sleep(1500);
    const opened = breaker.waitFor('opened');
    const answers: Promise<HttpAnswer>[] = [];
    const traffic = setInterval(() => answers.push(phase.sendTicket()), 1000 / script.perSecond);
    await opened;
    clearInterval(traffic);
    phase.print(`no more tickets, after ${answers.length}`);
    await sleep(script.slowedForMs);
    const closed = breaker.waitFor('closed');
    phase.heal();
    await closed;
    answers.push(phase.sendTicket());
    return Promise.all(answers);
  });
}

/** What the course of a phase may do. */
interface PhaseControl {
  sendTicket(): Promise<HttpAnswer>;
  slowDown(): void;
  heal(): void;
  print(line: string): void;
}

async function runPhase(
  name: string,
  { client, faultsFile, breaker, nextText, print }: DrillEnvironment,
  { slowedMs }: Script,
  course: (phase: PhaseControl) => Promise<HttpAnswer[]>,
): Promise<PhaseRecord> {
  const beganAt = Date.now();
  const earlier = (await breaker.changes()).length;
  let [slowedAt, healedAt] = [NaN, NaN];
  const printTimed = (line: string): void => print(Date.now() - beganAt, line);
  const answers = await course({
    sendTicket: () => client.send('POST', '/ticket', { text: nextText() }),
    slowDown: () => {
      slowedAt = Date.now();
      writeFileSync(faultsFile, JSON.stringify({ inference: { delay_ms: slowedMs } }));
      printTimed(`every run of the model takes ${slowedMs} ms longer`);
    },
    heal: () => {
      healedAt = Date.now();
      rmSync(faultsFile);
      printTimed('the model is as fast as before');
    },
    print: printTimed,
  });
  return { name, beganAt, slowedAt, healedAt, answers, changes: (await breaker.changes()).slice(earlier) };
}
