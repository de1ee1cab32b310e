import type { TicketInput } from '@smart-support/contracts';

/** A ticket as a pipeline is offered it, with an id of its client's; the text follows from the id unless told otherwise. */
export function anOffer(id: string, text = `text of ${id}`): { readonly input: TicketInput } {
  return { input: { text, id } };
}
