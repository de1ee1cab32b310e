import type { TicketInput } from '@smart-support/contracts';

/** An offer to a pipeline, with an id of the client; by default the text follows from the id. */
export function anOffer(id: string, text = `text of ${id}`): { readonly input: TicketInput } {
  return { input: { text, id } };
}
