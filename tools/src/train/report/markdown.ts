import type { Figure } from '../figures';

/** A row of a table. */
export type Row = readonly (string | number)[];

/** A markdown table. Characters that end a cell or a row are escaped. */
export function table(head: readonly string[], rows: readonly Row[]): string {
  const escaped = (cell: string | number) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: Row) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** 0.8731 as `87.3 %`; a dash for NaN. */
export const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`);

/** A figure with three decimals; a dash for NaN. */
export const figure = (number: number): string => (Number.isNaN(number) ? '-' : number.toFixed(3));

/** A figure with its interval. */
export const withInterval = ({ value, interval: [low, high] }: Figure, show = figure): string =>
  `${show(value)} (${show(low)} to ${show(high)})`;

/** A difference with its interval, all with their signs. */
export const signedWithInterval = (difference: Figure, show = figure): string =>
  withInterval(difference, (number) => `${number > 0 ? '+' : ''}${show(number)}`);
