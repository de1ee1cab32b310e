/** A markdown table. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** 0.8731 as `87.3 %`; a dash where there is nothing to divide by. */
export const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`);

/** A figure with three decimals. */
export const figure = (number: number): string => number.toFixed(3);

/** Both ends of an interval. */
export const between = ([low, high]: readonly [number, number], show: (number: number) => string): string =>
  `${show(low)} to ${show(high)}`;
