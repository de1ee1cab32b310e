import { SmartSupportError } from '@smart-support/contracts';

/** The error for a ticket that cannot leave its incident as its only member. */
export function onlyMember(incidentId: string, ticketId: string): SmartSupportError {
  const message = `Ticket "${ticketId}" cannot leave incident "${incidentId}", as it is its only member: reject or resolve the incident`;
  return new SmartSupportError('transition_not_allowed', message);
}
