import type { FetchedMail } from '../folder/mail-folder';
import type { Mail } from '../mail/read-mail';

/** When the mails of a test arrive. */
export const RECEIVED_MS = Date.UTC(2030, 0, 1);

/** What is fetched of a mail with this header and one plain text. */
export function fetched(header: readonly string[], text = '', more: Partial<FetchedMail> = {}): FetchedMail {
  return {
    header: Buffer.from(`${header.join('\r\n')}\r\n\r\n`),
    parts: [{ type: 'text/plain', charset: 'utf-8', encoding: '8bit', bytes: Buffer.from(text) }],
    attachments: [],
    receivedMs: RECEIVED_MS,
    ...more,
  };
}

/** A mail of a customer. */
export function aMail(changes: Partial<Mail> = {}): Mail {
  const messageId = changes.messageId === undefined ? '<first@example.com>' : changes.messageId;
  return {
    ...{ messageId, key: messageId ?? 'a hash', answers: [], from: 'mara@example.com' },
    ...{ subject: 'Terminals', text: 'Our card terminals are dead.', attachments: [], machineFields: {} },
    receivedMs: RECEIVED_MS,
    ...changes,
  };
}

/** A mail that answers others. */
export const aReply = (messageId: string, ...answers: readonly string[]): Mail =>
  aMail({ messageId, answers, subject: 'Re: Terminals', text: 'Still dead.\n\nOn Monday, help wrote:\n> Are they?' });
