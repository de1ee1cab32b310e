import type { TicketInput } from '@smart-support/contracts';

/** A ticket as a pipeline is offered it, with a client's id; by default the text follows from the id. */
export function anOffer(id: string, text = `text of ${id}`): { readonly input: TicketInput } {
  return { input: { text, id } };
}
