import { DOMAIN } from '../store-reader';
import { StormHistory } from './storm-history';
import { TicketHistories } from './ticket-history';

/** What was written of tickets and of storms, from the writes of the shared store. */
export class Histories {
  readonly tickets = new TicketHistories(DOMAIN);
  readonly storms = new StormHistory(DOMAIN);
  /** Numbers about the writes that are not judged, by what they count. */
  numbers: Readonly<Record<string, number>> = {};

  /** Takes the next write. */
  read(command: readonly string[]): void {
    this.tickets.read(command);
    this.storms.read(command);
  }
}
