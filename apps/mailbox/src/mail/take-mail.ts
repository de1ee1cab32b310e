import type { MailOutcome } from '@smart-support/telemetry';
import type { GatewayClient } from '../gateway/gateway-client';
import type { AutomaticMailLimit } from './automatic-mail-limit';
import type { Mail } from './read-mail';
import { isAutomaticAnswer, noteOf, ticketIdOf, ticketOf } from './ticket-of-mail';

/** What {@link takeMail} works with. */
export interface TakeMailOptions {
  readonly gateway: Pick<GatewayClient, 'hasTicket' | 'openTicket' | 'addNote'>;
  readonly automaticMails: AutomaticMailLimit;
}

/** Senders that give no address count as one. */
const NO_ADDRESS = '';

/**
 * Hands a mail to the gateway: a mail that answers the mail of a ticket is a note of it, every other one a ticket. May be repeated at any time, and then does nothing a second time.
 * @throws Stopped
 */
export async function takeMail(mail: Mail, { gateway, automaticMails }: TakeMailOptions): Promise<MailOutcome> {
  const sender = mail.from?.toLowerCase() ?? NO_ADDRESS;
  if (isAutomaticAnswer(mail) && automaticMails.isReached(sender, mail.key, mail.receivedMs)) return 'automatic';
  const answered = await ticketAnswered(mail, gateway);
  if (answered !== undefined) {
    const reply = await gateway.addNote(answered, noteOf(mail), ticketIdOf(mail.key));
    if (reply !== 'unknown') return reply === 'done' ? 'note' : 'refused';
  }
  return (await gateway.openTicket(ticketOf(mail))) === 'done' ? 'ticket' : 'refused';
}

/** The id of the ticket that a mail answers. */
async function ticketAnswered(
  { key, answers }: Mail,
  gateway: TakeMailOptions['gateway'],
): Promise<string | undefined> {
  // A mail that became a ticket before its process died stays one, whatever arrived meanwhile.
  if (answers.length === 0 || (await gateway.hasTicket(ticketIdOf(key)))) return undefined;
  for (const answer of answers) {
    const id = ticketIdOf(answer);
    if (await gateway.hasTicket(id)) return id;
  }
  return undefined;
}
