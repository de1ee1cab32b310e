import { createHash } from 'node:crypto';
import { MAX_FIELD_LENGTHS, MAX_NOTE_LENGTH } from '@smart-support/contracts';
import { excerptOf, isAutomated, newMessageOf } from '@smart-support/ticket-text';
import type { Mail } from './read-mail';

/** The body of `POST /ticket`. */
export interface MailTicket {
  readonly id: string;
  readonly text?: string;
  readonly subject?: string;
  readonly requester?: string;
  readonly channel: 'email';
  readonly reported_at: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Characters that a ticket has of a long mail, from its beginning and its end. They fit into the body of a call, of which a character takes 3 bytes at most (UTF-16 code
 * units in UTF-8), and are more than the models read.
 */
const TEXT = { beginning: 12_288, end: 4_096 };

/** Longest value of a field of the header that a ticket has in its metadata. */
const LONGEST_FIELD = 500;

/** More would go beyond what the metadata of a ticket may hold. */
const MOST_MACHINE_FIELDS = 8;

/** The id of the ticket that a mail of this {@link Mail.key} is. Always the same, so that no state has to be kept. */
export function ticketIdOf(key: string): string {
  return `mail:${createHash('sha256').update(key).digest('hex')}`;
}

/** The ticket of a mail. A mail that says nothing says what it has, so that it is not refused for that. */
export function ticketOf(mail: Mail): MailTicket {
  const { messageId, answers, from, machineFields, receivedMs } = mail;
  const text = excerptOf(textOf(mail), TEXT);
  const subject = [...mail.subject].slice(0, MAX_FIELD_LENGTHS.subject).join('');
  return {
    id: ticketIdOf(mail.key),
    ...(text !== '' && { text }),
    ...(subject !== '' && { subject }),
    ...(from !== null && { requester: cut(from, MAX_FIELD_LENGTHS.requester) }),
    channel: 'email',
    reported_at: new Date(receivedMs).toISOString(),
    metadata: {
      ...(messageId !== null && { message_id: cut(messageId, LONGEST_FIELD) }),
      ...(answers[0] !== undefined && { in_reply_to: cut(answers[0], LONGEST_FIELD) }),
      ...Object.fromEntries(
        Object.entries(machineFields)
          .slice(0, MOST_MACHINE_FIELDS)
          .map(([name, value]) => [name.replaceAll('-', '_'), cut(value, LONGEST_FIELD)]),
      ),
    },
  };
}

/** What a mail adds to the ticket that it answers: who writes, and what is newly written. */
export function noteOf(mail: Mail): string {
  const who = isAutomaticAnswer(mail) ? 'Automatic reply from' : 'Mail from';
  const head = `${who} ${cut(mail.from ?? 'an unknown sender', MAX_FIELD_LENGTHS.requester)}:\n`;
  // Between beginning and end, the excerpt puts a line end.
  const room = MAX_NOTE_LENGTH - head.length - 1;
  const said = newMessageOf(mail.text) || textOf(mail) || mail.subject;
  return head + excerptOf(said, { beginning: Math.floor(0.75 * room), end: Math.floor(0.25 * room) });
}

/** Whether a machine wrote a mail in answer to another one. */
export function isAutomaticAnswer({ subject, text, machineFields }: Mail): boolean {
  return isAutomated({ subject, text: newMessageOf(text), metadata: machineFields });
}

function textOf({ text, subject, attachments }: Mail): string {
  if (text !== '' || (subject !== '' && attachments.length === 0)) return text;
  return attachments.length > 0 ? `Attachments: ${attachments.join(', ')}` : 'A mail without a text.';
}

const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();
