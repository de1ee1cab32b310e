import { CATEGORIES, type Category } from '@smart-support/contracts';
import { parse } from 'csv-parse/sync';

/** The label of a ticket that belongs to no category of ours: right if it is flagged for review. */
export const NONE = 'none';

/** What a ticket can be labelled as; the confusion has them in this order. */
export const LABELS = [...CATEGORIES, NONE] as const;

/** One of {@link LABELS}. */
export type Label = Category | typeof NONE;

/** Stands for every label that is not named. */
const ANY_OTHER = '*';

const folded = (name: string): string => name.trim().toLowerCase();

/** Reads what the category column says. */
export class CategoryLabels {
  private readonly byName = new Map<string, Label>(LABELS.map((label) => [folded(label), label]));

  /**
   * @param map - other labels and what they stand for, as `Incident:Technical,Invoice:Billing`; an entry with a comma in it stands in double quotes, and `*` is every other label
   * @throws Error that names the wrong entry
   */
  constructor(map = '') {
    for (const entry of entriesOf(map)) {
      const colon = entry.lastIndexOf(':');
      const label = LABELS.find((known) => folded(known) === folded(entry.slice(colon + 1)));
      if (colon < 1 || label === undefined) {
        throw new Error(`--map-category: "${entry}" is not <label>:<category>, with one of ${LABELS.join(', ')}`);
      }
      const name = folded(entry.slice(0, colon));
      if ((this.byName.get(name) ?? label) !== label) {
        throw new Error(`--map-category: "${entry}" says something else than "${name}" stands for already`);
      }
      this.byName.set(name, label);
    }
  }

  /** What a label stands for; `undefined` if that is unknown. */
  labelOf(name: string): Label | undefined {
    return this.byName.get(folded(name)) ?? this.byName.get(ANY_OTHER);
  }
}

function entriesOf(map: string): readonly string[] {
  if (map.trim() === '') return [];
  try {
    return parse(map, { trim: true })[0] ?? [];
  } catch (cause) {
    throw new Error(`--map-category: an entry with a comma or a quote in it must stand in double quotes as a whole`, {
      cause,
    });
  }
}

const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?\s*$/i;

/** Reads what the urgency column says: a number, or one of some levels in their order. */
export class UrgencyLabels {
  private readonly ranks: ReadonlyMap<string, number>;

  /**
   * @param levels - the least urgent first, none if the column has numbers
   * @throws Error when one stands twice
   */
  constructor(levels: readonly string[] = []) {
    this.ranks = new Map(levels.map((level, i) => [folded(level), i + 1]));
    if (this.ranks.size < levels.length) throw new Error('--urgency-levels: a level stands there twice');
  }

  /** Whether levels are named: their ranks say nothing about urgencies in [0, 1]. */
  get areLevels(): boolean {
    return this.ranks.size > 0;
  }

  /** The number, or the rank of the level from 1; `undefined` if it is neither. */
  valueOf(name: string): number | undefined {
    if (this.areLevels) return this.ranks.get(folded(name));
    return DECIMAL.test(name) ? Number(name) : undefined;
  }
}
