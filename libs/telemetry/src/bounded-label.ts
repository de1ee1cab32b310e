/** Replaces every value beyond a label's limit. */
export const OTHER = 'other';

/** Distinct values that a label takes before further ones count as {@link OTHER}. */
const MAX_VALUES = 100;
const MAX_CHARACTERS = 100;

/** A label with a fixed set of values; all others become {@link OTHER}. */
export function labelOf(values: readonly string[]): (value: string) => string {
  const known = new Set(values);
  return (value) => (known.has(value) ? value : OTHER);
}

/**
 * A label whose values are not known beforehand but should be few, such as route patterns. Every distinct value costs
 * memory here and in Prometheus for ever, so the first hundred are kept and later ones become {@link OTHER}:
 * a caller that passes paths instead of patterns cannot fill the memory.
 */
export function cappedLabel(): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= MAX_VALUES || value.length > MAX_CHARACTERS || !value.isWellFormed()) return OTHER;
    seen.add(value);
    return value;
  };
}
