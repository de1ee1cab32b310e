/** A storm that a scenario puts into its traffic, as the audits know it. */
export interface PlantedStorm {
  /** From 0. */
  readonly number: number;
  /** Which outage its reports are about: a later storm may be of the same as an earlier one. */
  readonly outage: number;
  readonly reports: readonly { readonly id: string }[];
}

/** The number of the planted storm that a ticket is a report of; `undefined` if it is of none. */
export function stormOfTicket(ticketId: string): number | undefined {
  const number = /^storm-\d+-(?<number>\d+)-\d+$/.exec(ticketId)?.groups?.['number'];
  return number === undefined ? undefined : Number(number);
}
