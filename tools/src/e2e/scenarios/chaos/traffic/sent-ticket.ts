/** A ticket as the tool sends it: always with an id of the tool's own, so that sending it again is safe. */
export interface SentTicket {
  readonly id: string;
  readonly text: string;
  /** Left out by those who do not say who they are. */
  readonly requester?: string;
}
