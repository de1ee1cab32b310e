import { dayClock } from '../day/day';
import type { Finding } from '../../../audit/finding';
import type { PlayedScenario, RecordedIncident, Recording } from '../recorder/recording';
import type { ChangedSetting } from '../settings';
import { escaped } from './svg';

/** A table. Cells are markup already. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[], kind = ''): string {
  const head = heads.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table class="${kind}"><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** The scenarios with their times and outcomes. */
export function scenariosTable(scenarios: readonly PlayedScenario[]): string {
  return table(
    ['', 'scenario', 'clock', 'seconds', 'what happens', 'outcome'],
    scenarios.map(({ title, story, fromMs, toMs, outcome }, index) => [
      index === 0 ? '' : String(index),
      `<b>${escaped(title)}</b>`,
      `${dayClock(fromMs)}&ndash;${dayClock(toMs)}`,
      `${(fromMs / 1000).toFixed(0)}&ndash;${(toMs / 1000).toFixed(0)}`,
      escaped(story),
      escaped(outcome),
    ]),
    'scenarios',
  );
}

/** The findings of the audits. */
export function findingsTable(findings: readonly Finding[]): string {
  return table(
    ['', 'what must hold', 'how'],
    findings.map(({ verdict, name, how, examples }) => {
      const against = examples.map((example) => `<br><code>${escaped(example)}</code>`).join('');
      return [`<span class="chip ${verdict}">${verdict}</span>`, escaped(name), escaped(how) + against];
    }),
    'findings',
  );
}

/** Every incident in its final state. */
export function incidentsTable({ incidents, startedAt }: Recording): string {
  if (incidents.length === 0) return '<p class="note">No incident was opened or suspected.</p>';
  const at = (time: string | null): string => {
    if (time === null) return '&ndash;';
    const ms = Date.parse(time) - Date.parse(startedAt);
    return `${dayClock(ms)} <span class="note">${(ms / 1000).toFixed(1)} s</span>`;
  };
  const row = (incident: RecordedIncident): readonly string[] => [
    escaped(incident.scenarios.join(', ')),
    `<b>${escaped(incident.status)}</b>${incident.degraded ? ', degraded' : ''}`,
    at(incident.opened_at),
    at(incident.last_member_at),
    at(incident.closed_at),
    String(incident.member_count),
    String(incident.requester_count),
    escaped(
      Object.entries(incident.categories)
        .map(([category, count]) => `${category} ${count}`)
        .join(', '),
    ),
    incident.max_urgency.toFixed(2),
    escaped(incident.title),
  ];
  const heads = [
    ...['scenario', 'status', 'opened', 'last member', 'ended', 'members', 'requesters', 'categories'],
    ...['highest urgency', 'title'],
  ];
  return table(heads, incidents.map(row), 'incidents');
}

/** The settings that differ from their defaults. */
export function settingsTable(settings: readonly ChangedSetting[]): string {
  return table(
    ['setting', 'today', 'by default', 'what it is'],
    settings.map(({ name, value, standard, why }) => [
      `<code>${escaped(name)}</code>`,
      `<b>${escaped(value)}</b>`,
      escaped(standard),
      escaped(why),
    ]),
    'settings',
  );
}
