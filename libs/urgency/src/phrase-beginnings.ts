/** Number of different symbols: letters, one for all digits, blank, apostrophe, hyphen, question mark, and 0 for the rest. */
export const SYMBOLS = 32;

const DIGIT = 27;
const QUESTION_MARK = 31;

/** Beginnings are distinguished by so many characters; more would make the index larger without saving attempts. */
const LONGEST_BEGINNING = 6;

/** The symbol of a character of a normalised text, by which phrases are looked up. */
export function symbolOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 96;
  if (code >= 48 && code <= 57) return DIGIT;
  if (code === 32) return 28;
  if (code === 39) return 29;
  if (code === 45) return 30;
  return code === 63 ? QUESTION_MARK : 0;
}

/**
 * Every way a match of a pattern can begin, as symbols, read off the pattern's source: `(?:lost|stolen) card` can begin
 * with `lost c` and `stolen`. A beginning ends early at the first thing that is not a plain character or a group of alternatives.
 */
export function beginningsOf(source: string): number[][] {
  return splitAlternatives(source).flatMap((part) => extend([], part));
}

function extend(beginning: readonly number[], rest: string): number[][] {
  if (rest === '' || beginning.length === LONGEST_BEGINNING) return [[...beginning]];
  if (rest.startsWith('(?:')) {
    const end = endOfGroup(rest);
    const after = rest.slice(end + 1);
    if (after.startsWith('{')) return [[...beginning]];
    const following = after.startsWith('?') ? after.slice(1) : after;
    const withGroup = splitAlternatives(rest.slice(3, end)).flatMap((inside) => extend(beginning, inside + following));
    return following === after ? withGroup : [...withGroup, ...extend(beginning, following)];
  }
  const { symbol, length } = firstSymbol(rest);
  const after = rest.slice(length);
  if (symbol === 0 || after.startsWith('*') || after.startsWith('{0')) return [[...beginning]];
  const longer = [...beginning, symbol];
  if (after.startsWith('{') || after.startsWith('+')) return [longer];
  if (after.startsWith('?')) return [...extend(longer, after.slice(1)), ...extend(beginning, after.slice(1))];
  return extend(longer, after);
}

/** The symbol that a pattern's source begins with, 0 if it is no plain character, and how much of the source stands for it. */
function firstSymbol(source: string): { symbol: number; length: number } {
  if (source.startsWith('\\d')) return { symbol: DIGIT, length: 2 };
  if (source.startsWith('\\?')) return { symbol: QUESTION_MARK, length: 2 };
  return { symbol: symbolOf(source.charCodeAt(0)), length: 1 };
}

/** Splits a pattern's source at the bars that stand in no group. */
function splitAlternatives(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) {
      parts.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, source.slice(from)];
}

/** Where the group that opens at the first character closes. */
function endOfGroup(source: string): number {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '(') depth += 1;
    else if (source[at] === ')' && --depth === 0) return at;
  }
  return source.length;
}
