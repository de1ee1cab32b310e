import type { SettingInfo } from '@smart-support/config';

const INTRODUCTION = `# Configuration

Every setting is an environment variable, read once when a process starts. An empty variable counts as unset.
A wrong value stops the start of each process that reads it, with one message that lists every wrong name, what it was and what is allowed.
Values such as \`tcp://10.0.0.1:8001\`, which Kubernetes puts into \`WORKER_PORT\` for a Service named \`worker\`, count as unset where a port is set; the log says so.

<!-- Written by tools/src/docs/configuration.ts from the table in libs/config: change it there. -->
`;

const HEAD = ['name', 'read by', 'default', 'allowed', 'meaning'];

/** The page `docs/configuration.md`: every setting with its default, allowed values and purpose. */
export function renderConfigurationPage(settings: readonly SettingInfo[]): string {
  return `${INTRODUCTION}\n${table(HEAD, settings.map(cells))}`;
}

function cells({ name, readBy, default: standard, allowed, meaning, secret }: SettingInfo): string[] {
  const kept = secret ? ' It is a secret: it appears in no log and no error.' : '';
  return [
    `\`${name}\``,
    readBy ?? 'gateway, worker',
    standard === undefined ? 'unset' : `\`${standard}\``,
    allowed,
    meaning + kept,
  ].map(cell);
}

/** A text without characters that end a cell or a row. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A table with aligned columns, as Prettier formats it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}
