/** The range of a number on the command line, and its default. */
export interface NumberOption {
  readonly standard: number;
  readonly least: number;
  readonly most: number;
}

/** Largest seed of a pseudo-random sequence. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** Reads whole numbers and names of the command line, and collects what is wrong with them. */
export class OptionReader {
  private readonly wrong: string[] = [];

  /** @param given - the values as the command line has them, by name */
  constructor(private readonly given: Readonly<Record<string, string | boolean | undefined>>) {}

  /** A whole number in its range. @param standard - its default */
  number(name: string, { least, most, standard }: NumberOption): number {
    const text = this.given[name];
    const value = text === undefined ? standard : Number(text === '' ? NaN : text);
    if (!Number.isInteger(value) || value < least || value > most)
      this.reject(`--${name} must be a whole number from ${least} to ${most}`);
    return value;
  }

  /** One of some names. */
  choice<T extends string>(name: string, choices: readonly T[], standard: T): T {
    const value = this.given[name] ?? standard;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.reject(`--${name} must be one of ${choices.join(', ')}`);
    return found ?? standard;
  }

  /** Notes something wrong. */
  reject(message: string): void {
    this.wrong.push(message);
  }

  /** @throws Error that names everything that is wrong, if anything is */
  throwIfWrong(): void {
    if (this.wrong.length > 0) throw new Error(this.wrong.join('\n'));
  }
}
