import type { PlannedMail } from './mails';

/** What the gateway has in the end. */
export interface TakenMails {
  /** Ids of its tickets, without the trust domain. */
  readonly tickets: readonly string[];
  /** Names of the notes of each ticket, in their order. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  /** Mails that bear the mark, and those among them that are flagged as refused. */
  readonly marked: number;
  readonly refused: number;
}

/** What did not become what it had to: empty if every mail is one ticket, or one note of its ticket. */
export function auditMails(mails: readonly PlannedMail[], taken: TakenMails): readonly string[] {
  const openings = mails.filter(({ noteId }) => noteId === undefined);
  const has = new Set(taken.tickets);
  const lost = openings.filter(({ ticketId }) => ticketId !== undefined && !has.has(ticketId)).length;
  const expectedNotes = mails.flatMap(({ ticketId, noteId }) =>
    noteId === undefined ? [] : [`${ticketId} ${noteId}`],
  );
  const notes = [...taken.notes].flatMap(([ticketId, names]) => names.map((name) => `${ticketId} ${name}`));
  const lostNotes = expectedNotes.filter((note) => !notes.includes(note)).length;
  return [
    ...problem(lost, 'mails are no ticket'),
    ...problem(taken.tickets.length - has.size, 'tickets are listed twice'),
    ...problem(Math.abs(has.size - openings.length), `tickets too many or too few, of ${openings.length}`),
    ...problem(lostNotes, 'replies are no note of their ticket'),
    ...problem(Math.abs(notes.length - expectedNotes.length), `notes too many or too few, of ${expectedNotes.length}`),
    ...problem(mails.length - taken.marked, 'mails bear no mark'),
    ...problem(taken.refused, 'mails are marked as refused'),
  ];
}

const problem = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);
