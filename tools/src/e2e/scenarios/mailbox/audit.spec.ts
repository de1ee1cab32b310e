import { type TakenMails, auditMails } from './audit';
import { planMails } from './mails';

const mails = planMails(60);

/** What a gateway has that did everything right. */
function everythingTaken(): { tickets: string[]; notes: Map<string, string[]>; marked: number; refused: number } {
  const notes = new Map<string, string[]>();
  for (const { ticketId = '', noteId } of mails)
    if (noteId !== undefined) notes.set(ticketId, [...(notes.get(ticketId) ?? []), noteId]);
  const tickets = mails.flatMap(({ ticketId, noteId }, at) =>
    noteId === undefined ? [ticketId ?? `nameless ${at}`] : [],
  );
  return { tickets, notes, marked: mails.length, refused: 0 };
}

describe('the mails of a run', () => {
  it('are openings, replies, and mails without a name', () => {
    expect(mails.filter(({ noteId }) => noteId === undefined)).toHaveLength(60);
    expect(mails.filter(({ noteId }) => noteId !== undefined).length).toBeGreaterThan(3);
    expect(mails.filter(({ ticketId }) => ticketId === undefined).length).toBeGreaterThan(1);
  });

  it('are all right where each became what it had to', () => {
    expect(auditMails(mails, everythingTaken())).toEqual([]);
  });

  it.each<[string, (taken: ReturnType<typeof everythingTaken>) => Partial<TakenMails>]>([
    ['no ticket', ({ tickets }) => ({ tickets: tickets.slice(1) })],
    ['listed twice', ({ tickets }) => ({ tickets: [...tickets, tickets[0] ?? ''] })],
    ['tickets too many', ({ tickets }) => ({ tickets: [...tickets, 'another'] })],
    ['no note', ({ notes }) => ({ notes: new Map([...notes].slice(1)) })],
    [
      'notes too many',
      ({ notes }) => ({ notes: new Map([...notes].map(([id, names]) => [id, [...names, ...names]])) }),
    ],
    ['no mark', ({ marked }) => ({ marked: marked - 1 })],
    ['refused', () => ({ refused: 1 })],
  ])('are not where some are: %s', (problem, change) => {
    const taken = everythingTaken();
    expect(auditMails(mails, { ...taken, ...change(taken) }).join()).toContain(problem);
  });
});
