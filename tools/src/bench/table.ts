import { type Finding, meetsGoal } from './measure';
import type { Spread } from './statistics';

/** Three significant digits, or all digits before the point. */
export function shortNumber(value: number): string {
  return value.toLocaleString('en', {
    maximumFractionDigits: 0,
    maximumSignificantDigits: 3,
    roundingPriority: 'morePrecision',
  });
}

function describe({ lowerQuartile, median, upperQuartile }: Spread): string {
  if (lowerQuartile === upperQuartile) return shortNumber(median);
  return `${shortNumber(median)} [${shortNumber(lowerQuartile)} .. ${shortNumber(upperQuartile)}]`;
}

function goalOf({ sides, ratioGoal = 0, ceiling }: Finding): string {
  if (ceiling === undefined) return `ratio of at least ${shortNumber(ratioGoal)}`;
  return `${sides[0]?.name ?? 'the figure'}, at most ${shortNumber(ceiling)}`;
}

/** Renders a finding as lines of text: medians with their quartiles in brackets. */
export function renderFinding(finding: Finding): string {
  const rows = finding.sides.map(({ name, spread }) => [name, `${describe(spread)} ${finding.unit}`]);
  if (finding.ratio) rows.push(['ratio', describe(finding.ratio)]);
  if (finding.aim !== undefined) rows.push(['aim', finding.aim]);
  const verdict = meetsGoal(finding);
  if (verdict !== undefined) rows.push(['goal', `${goalOf(finding)}: ${verdict ? 'met' : 'MISSED'}`]);
  const width = Math.max(...rows.map(([name]) => name?.length ?? 0));
  const lines = rows.map(([name, text]) => `  ${(name ?? '').padEnd(width)}  ${text ?? ''}`);
  return [finding.title, ...lines].join('\n');
}
