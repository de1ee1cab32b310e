import type { Ticket } from '@smart-support/contracts';

const MOST_CHARACTERS = 120;

/** The title of an incident without one from an operator: the subject of its representative, else the first line of its text. */
export function incidentTitle({ subject, text }: Pick<Ticket, 'subject' | 'text'>): string {
  const line = (subject ?? '').trim() || (text.trim().split('\n', 1)[0] ?? '').trim();
  const characters = [...line.slice(0, 2 * MOST_CHARACTERS)];
  if (characters.length <= MOST_CHARACTERS) return characters.join('');
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}
