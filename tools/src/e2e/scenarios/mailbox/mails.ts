import { createHash } from 'node:crypto';

/** A mail of a run, and what has to become of it. */
export interface PlannedMail {
  readonly source: string;
  /** The ticket that it is, or that it is a note of; `undefined` for one whose id the run cannot know. */
  readonly ticketId: string | undefined;
  /** Its name as a note; `undefined` for a mail that is a ticket. */
  readonly noteId: string | undefined;
}

/** One mail in so many is followed by a reply, has no Message-ID, or has its text in HTML beside an attachment. */
const REPLY_EVERY = 10;
const NAMELESS_EVERY = 25;
const MULTIPART_EVERY = 7;

/** How far back the mail is that a reply answers: some are still to be taken when it arrives, some long done. */
const REPLY_BACK = 25;

/** The id that the gateway knows a mail by. Written here once more, so that the run does not trust what it checks. */
const idOf = (messageId: string): string => `mail:${createHash('sha256').update(messageId).digest('hex')}`;

/** So many mails that are tickets, with replies between them, in the order of their arrival. */
export function planMails(tickets: number): readonly PlannedMail[] {
  const nameOf = (number: number): string => `<mail-${number}@example.com>`;
  const isNameless = (number: number): boolean => number % NAMELESS_EVERY === NAMELESS_EVERY - 1;
  return Array.from({ length: tickets }, (_, number) => {
    const opening: PlannedMail = {
      source: mail(number, isNameless(number) ? [] : [`Message-ID: ${nameOf(number)}`]),
      ticketId: isNameless(number) ? undefined : idOf(nameOf(number)),
      noteId: undefined,
    };
    const answered = Math.max(0, number - (number % REPLY_BACK));
    if (number % REPLY_EVERY !== 0 || isNameless(answered)) return [opening];
    const replyName = `<reply-${number}@example.com>`;
    const header = [
      `Message-ID: ${replyName}`,
      `In-Reply-To: <desk-${number}@example.org>`,
      `References: ${nameOf(answered)}`,
    ];
    return [
      opening,
      { source: mail(number, header, 'More about'), ticketId: idOf(nameOf(answered)), noteId: idOf(replyName) },
    ];
  }).flat();
}

function mail(number: number, header: readonly string[], what = 'Trouble with'): string {
  const head = [`From: customer-${number}@example.com`, `Subject: Order ${number}`, ...header];
  const text = `${what} order ${number}: the parcel has not arrived.`;
  if (number % MULTIPART_EVERY !== 0) return [...head, '', text, ''].join('\r\n');
  return [
    ...head,
    'Content-Type: multipart/mixed; boundary=A',
    ...['', '--A', 'Content-Type: text/html; charset=utf-8', '', `<p>${text}</p>`],
    ...[
      '--A',
      'Content-Type: image/png; name=label.png',
      'Content-Transfer-Encoding: base64',
      '',
      'iVBORw0KGgo=',
      '--A--',
      '',
    ],
  ].join('\r\n');
}
