import type { Evidence } from './evidence';

/** The result of one audit. */
export interface Finding {
  readonly name: string;
  /** The rule that was checked, or the figures. */
  readonly how: string;
  /** `info`: worth a line, and never a failure. */
  readonly verdict: 'pass' | 'fail' | 'info';
  /** Number of violations. */
  readonly count: number;
  /** The first violations. */
  readonly examples: readonly string[];
}

/** An audit: its name, the rule that it checks, and a function that returns one line for each violation. */
export type Audit<E = Evidence> = readonly [name: string, how: string, violations: (evidence: E) => readonly string[]];

/** An audit of nothing but the state of the store. */
export type StoreAudit = Audit<Pick<Evidence, 'store'>>;

const MOST_EXAMPLES = 5;

/** A finding that passes if there are no violations. */
export function finding(name: string, how: string, violations: readonly string[]): Finding {
  const count = violations.length;
  return { name, how, verdict: count === 0 ? 'pass' : 'fail', count, examples: violations.slice(0, MOST_EXAMPLES) };
}

/** Runs audits in their order. */
export function runAudits(evidence: Evidence, audits: readonly Audit[]): readonly Finding[] {
  return audits.map(([name, how, violations]) => finding(name, how, violations(evidence)));
}

/** Whether no audit failed. */
export function allPass(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'fail');
}

/** For example "all 33 invariants hold"; findings of `info` are left out. */
export function verdictOf(findings: readonly Finding[]): string {
  const judged = findings.filter(({ verdict }) => verdict !== 'info').length;
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  return failed === 0 ? `all ${judged} invariants hold` : `${failed} of ${judged} invariants fail`;
}

/** For example "1 ticket" or "3 tickets". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
