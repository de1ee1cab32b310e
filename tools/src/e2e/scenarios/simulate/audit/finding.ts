/** What came of looking whether something holds. */
export interface Finding {
  readonly name: string;
  /** `told`: of interest, but nothing that could fail. */
  readonly verdict: 'pass' | 'fail' | 'told';
  /** The figures. */
  readonly figures: string;
  /** The first few cases that speak against it. */
  readonly examples: readonly string[];
}

/** Whether nothing failed. */
export function allPass(findings: readonly Finding[]): boolean {
  return findings.every(({ verdict }) => verdict !== 'fail');
}
