import type { Reply } from '../gateway/gateway-client';
import { aMail, aReply } from '../spec-support/mails';
import { AutomaticMailLimit } from './automatic-mail-limit';
import type { Mail } from './read-mail';
import { takeMail } from './take-mail';
import { type MailTicket, ticketIdOf } from './ticket-of-mail';

/** A gateway that knows tickets and their notes. */
class FakeGateway {
  readonly tickets = new Map<string, Map<string, string>>();
  asked = 0;
  /** A ticket that is gone between the question whether it is there and its note. */
  vanishing: string | undefined;

  async hasTicket(id: string): Promise<boolean> {
    this.asked += 1;
    return this.tickets.has(id) || id === this.vanishing;
  }

  async openTicket({ id }: MailTicket): Promise<Reply> {
    if (!this.tickets.has(id)) this.tickets.set(id, new Map());
    return 'done';
  }

  async addNote(id: string, note: string, noteId: string): Promise<Reply> {
    const notes = this.tickets.get(id);
    if (!notes) return 'unknown';
    if (!notes.has(noteId)) notes.set(noteId, note);
    return 'done';
  }
}

let gateway: FakeGateway;
let automaticMails: AutomaticMailLimit;
beforeEach(() => {
  gateway = new FakeGateway();
  automaticMails = new AutomaticMailLimit();
});

const take = (mail: Mail) => takeMail(mail, { gateway, automaticMails });
const notesOf = (messageId: string) => [...(gateway.tickets.get(ticketIdOf(messageId))?.values() ?? [])];

describe('a mail that is handed to the gateway', () => {
  it('is one ticket, however often it is sent', async () => {
    for (let turn = 0; turn < 3; turn += 1) expect(await take(aMail())).toBe('ticket');
    expect(gateway.tickets.size).toBe(1);
    expect(gateway.asked).toBe(0);
  });

  it('is one note of the ticket that it answers, however often it is sent', async () => {
    await take(aMail({ messageId: '<root@x>' }));
    for (let turn = 0; turn < 3; turn += 1)
      expect(await take(aReply('<reply@x>', '<answer@x>', '<root@x>'))).toBe('note');
    expect(gateway.tickets.size).toBe(1);
    expect(notesOf('<root@x>')).toEqual(['Mail from mara@example.com:\nStill dead.']);
  });

  it('is a ticket of its own where the ticket that it answers is not there, or not there any more', async () => {
    expect(await take(aReply('<reply@x>', '<root@x>'))).toBe('ticket');
    gateway.vanishing = ticketIdOf('<gone@x>');
    expect(await take(aReply('<other@x>', '<gone@x>'))).toBe('ticket');
    expect(gateway.tickets.size).toBe(2);
  });

  it('that became a ticket before its process died stays one, also where the ticket that it answers has come since', async () => {
    const reply = aReply('<reply@x>', '<root@x>');
    await take(reply);
    await take(aMail({ messageId: '<root@x>' }));
    expect(await take(reply)).toBe('ticket');
    expect(notesOf('<root@x>')).toEqual([]);
  });

  it('that answers itself is a ticket', async () => {
    for (let turn = 0; turn < 2; turn += 1) expect(await take(aReply('<self@x>', '<self@x>'))).toBe('ticket');
    expect(notesOf('<self@x>')).toEqual([]);
  });

  it('is refused where the gateway refuses it', async () => {
    gateway.openTicket = async () => 'refused';
    expect(await take(aMail())).toBe('refused');
    await FakeGateway.prototype.openTicket.call(gateway, { id: ticketIdOf('<root@x>') } as MailTicket);
    gateway.addNote = async () => 'refused';
    expect(await take(aReply('<reply@x>', '<root@x>'))).toBe('refused');
  });
});

describe('automatic replies', () => {
  const automatic = (number: number, ...answers: readonly string[]) => ({
    ...aReply(`<auto-${number}@x>`, ...answers),
    machineFields: { 'auto-submitted': 'auto-replied' },
  });

  it('are notes of a ticket as other replies', async () => {
    await take(aMail({ messageId: '<root@x>' }));
    expect(await take(automatic(1, '<root@x>'))).toBe('note');
  });

  it('of a loop become ten at most, of however many', async () => {
    await take(aMail({ messageId: '<root@x>' }));
    const outcomes: string[] = [];
    for (let number = 0; number < 60; number += 1) outcomes.push(await take(automatic(number, '<root@x>')));
    expect(outcomes).toEqual([...Array(10).fill('note'), ...Array(50).fill('automatic')]);
    expect(await take(aReply('<person@x>', '<root@x>'))).toBe('note');
  });
});
