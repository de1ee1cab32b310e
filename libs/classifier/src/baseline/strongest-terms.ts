import type { TermContribution } from '@smart-support/contracts';
import type { TermShares } from './linear-model';

/** How many terms an explanation has by default. */
const TERMS_EXPLAINED = 10;

/** The terms that moved the decision most, strongest first, equals by name; those that moved nothing are left out. */
export function strongestTerms(shares: TermShares, limit = TERMS_EXPLAINED): TermContribution[] {
  return Array.from(shares, ([term, weight]) => ({ term, weight }))
    .filter(({ weight }) => weight !== 0)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.term < b.term ? -1 : 1))
    .slice(0, Math.max(0, limit));
}
