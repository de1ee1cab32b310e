/** A breaker that turned, as a gateway's log tells it. */
export interface BreakerTurn {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly to: 'opened' | 'closed';
  readonly model: string;
}

/** Reads the turn of a breaker off a log line, if it tells one. */
export function breakerTurnIn(line: string): BreakerTurn | undefined {
  const found = /"msg":"breaker (?<to>opened|closed):/.exec(line);
  if (!found) return undefined;
  const { time, model } = JSON.parse(line) as { readonly time: string | number; readonly model: string };
  return { at: new Date(time).getTime(), to: found.groups?.['to'] as BreakerTurn['to'], model };
}

/** The turns of a gateway's breakers so far, and those to come. */
export class BreakerLog {
  readonly turns: BreakerTurn[] = [];
  private readonly waiting: { readonly to: BreakerTurn['to']; readonly resolve: (turn: BreakerTurn) => void }[] = [];

  /** Takes a line of the log. */
  read(line: string): void {
    const turn = breakerTurnIn(line);
    if (!turn) return;
    this.turns.push(turn);
    const [met, rest] = [
      this.waiting.filter(({ to }) => to === turn.to),
      this.waiting.filter(({ to }) => to !== turn.to),
    ];
    this.waiting.splice(0, Infinity, ...rest);
    for (const { resolve } of met) resolve(turn);
  }

  /** The next turn of this kind. @throws Error when it does not come in time */
  next(to: BreakerTurn['to'], patienceMs: number): Promise<BreakerTurn> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(
        () => reject(new Error(`The breaker has not ${to} within ${patienceMs} ms`)),
        patienceMs,
      );
      this.waiting.push({
        to,
        resolve: (turn) => {
          clearTimeout(giveUp);
          resolve(turn);
        },
      });
    });
  }
}
