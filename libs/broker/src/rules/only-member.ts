import { SmartSupportError } from '@smart-support/contracts';

/** That a ticket stays, because its incident would be about nothing without it. */
export function onlyMember(incidentId: string, ticketId: string): SmartSupportError {
  const message = `Ticket "${ticketId}" cannot leave incident "${incidentId}", for it is its only member: reject or resolve the incident`;
  return new SmartSupportError('transition_not_allowed', message);
}
