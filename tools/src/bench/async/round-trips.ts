/** How often clients sent each kind of command; scripts are told apart by their hash. */
export type CommandCounts = ReadonlyMap<string, number>;

/** What a worker sent while it was busy. */
export interface Counted {
  readonly counts: CommandCounts;
  readonly tickets: number;
  readonly seconds: number;
}

/** What a worker asks of its store. */
export interface RoundTrips {
  /** Commands that a ticket takes. */
  readonly perTicket: number;
  /** Commands a second that the clock brings about, whether there are tickets or not: signs of life, probes, looks for lost tickets. */
  readonly onTheSide: number;
}

/** The fastest clock in a worker, that of the probes, ticks twice a second. */
const MOST_TICKS_A_SECOND = 3;

/** Parts commands that come with the tickets from those that come with the clock, by how often they come. */
export function roundTrips({ counts, tickets, seconds }: Counted): RoundTrips {
  let own = 0;
  let onTheSide = 0;
  for (const count of counts.values()) {
    if (count > MOST_TICKS_A_SECOND * seconds) own += count;
    else onTheSide += count;
  }
  return { perTicket: own / tickets, onTheSide: onTheSide / seconds };
}

/** What kind of command a client sent. */
export function kindOf([name = '', hash = '']: readonly string[]): string {
  const command = name.toLowerCase();
  return command === 'evalsha' ? `${command} ${hash}` : command;
}

/** The addresses of clients in the answer of `CLIENT LIST`. */
export function addressesIn(list: string): readonly string[] {
  return [...list.matchAll(/ addr=(?<address>\S+)/g)].map(({ groups }) => groups?.['address'] ?? '');
}
