import { MAX_BODY_BYTES, parseTicketInput, parseWith, ticketNoteSchema } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { RECEIVED_MS, aMail, aReply } from '../spec-support/mails';
import { isAutomaticAnswer, noteOf, ticketIdOf, ticketOf } from './ticket-of-mail';

describe('the ticket of a mail', () => {
  it('has its text, subject, author and time, and names the mail', () => {
    expect(
      ticketOf(aMail({ answers: ['<root@example.com>'], machineFields: { 'auto-submitted': 'auto-replied' } })),
    ).toEqual({
      id: expect.stringMatching(/^mail:[0-9a-f]{64}$/),
      text: 'Our card terminals are dead.',
      subject: 'Terminals',
      requester: 'mara@example.com',
      channel: 'email',
      reported_at: new Date(RECEIVED_MS).toISOString(),
      metadata: {
        message_id: '<first@example.com>',
        in_reply_to: '<root@example.com>',
        auto_submitted: 'auto-replied',
      },
    });
  });

  it('has the same id for the same Message-ID, and another one for another', () => {
    expect(ticketOf(aMail()).id).toBe(ticketOf(aMail({ text: 'other', from: null })).id);
    expect(ticketIdOf('<a@b>')).not.toBe(ticketIdOf('<A@b>'));
  });

  it('has beginning and end of a long text', () => {
    const { text = '' } = ticketOf(aMail({ text: `first ${'ä '.repeat(1_000_000)} last` }));
    expect([text.startsWith('first'), text.endsWith('last'), text.length < 20_000]).toEqual([true, true, true]);
  });

  it.each([
    [{ text: '' }, undefined],
    [{ text: '', attachments: ['scan.pdf', 'b.png'] }, 'Attachments: scan.pdf, b.png'],
    [{ text: '', subject: '' }, 'A mail without a text.'],
  ])('says what there is where there is no text: %j', (changes, text) => {
    expect(ticketOf(aMail(changes)).text).toBe(text);
  });
});

describe('the note of a reply', () => {
  it('says who writes, and what is newly written', () => {
    expect(noteOf(aReply('<b@x>', '<a@x>'))).toBe('Mail from mara@example.com:\nStill dead.');
  });

  it('of a machine says so', () => {
    const mail = { ...aReply('<b@x>', '<a@x>'), machineFields: { 'auto-submitted': 'auto-replied' } };
    expect(isAutomaticAnswer(mail)).toBe(true);
    expect(noteOf(mail)).toMatch(/^Automatic reply from mara@example\.com:\n/);
  });

  it.each([
    [{ text: '', attachments: ['scan.pdf'] }, /:\nAttachments: scan\.pdf$/],
    [{ text: '', subject: 'Re: Terminals' }, /:\nRe: Terminals$/],
    [{ text: '', subject: '', from: null }, /^Mail from an unknown sender:\nA mail without a text\.$/],
  ])('says what there is where nothing is written: %j', (changes, expected) => {
    expect(noteOf(aMail(changes))).toMatch(expected);
  });
});

it('whatever a mail says, the gateway takes its ticket as it is, and its note', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.string({ unit: 'binary', maxLength: 50 }).map((piece) => piece.repeat(1_000)),
    fc.constantFrom(
      '"'.repeat(100_000),
      '\\n'.repeat(50_000),
      '\uFFFD'.repeat(100_000),
      '🙂'.repeat(50_000),
      '-- \n'.repeat(10_000),
    ),
  );
  // As `readMail` leaves it.
  const clean = text.map((one) =>
    one
      .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
      .toWellFormed()
      .trim(),
  );
  const line = clean.map((one) => one.replaceAll(/\s+/g, ' ').trim());
  const mail = fc.record({
    ...{ messageId: fc.option(line), key: fc.string({ minLength: 1 }), answers: fc.array(line, { maxLength: 10 }) },
    ...{ from: fc.option(line.filter((one) => one !== '')), subject: line, text: clean },
    attachments: fc.array(line, { maxLength: 20 }),
    machineFields: fc.dictionary(fc.constantFrom('precedence', 'return-path', 'x-autoreply'), line),
    receivedMs: fc.integer({ min: 0, max: 4e12 }),
  });
  fc.assert(
    fc.property(mail, (one) => {
      const ticket = ticketOf(one);
      expect(Buffer.byteLength(JSON.stringify(ticket))).toBeLessThan(MAX_BODY_BYTES);
      expect(parseTicketInput(ticket).input.id).toBe(ticket.id);
      const note = parseWith(ticketNoteSchema, { note: noteOf(one), note_id: ticket.id }, 'note');
      expect(note.note_id).toBe(ticket.id);
    }),
    { numRuns: 200 },
  );
});
