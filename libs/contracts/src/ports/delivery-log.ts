import type { DeliveryLogEntry } from '../webhook-delivery';

/** Tries that the log keeps of each endpoint; of more, the latest. */
export const DELIVERIES_KEPT = 100;

/** The latest tries to deliver events, by endpoint. */
export interface DeliveryLog {
  /** Adds a try, and drops the oldest of its endpoint beyond {@link DELIVERIES_KEPT}. */
  add(entry: DeliveryLogEntry): Promise<void>;
  /** The latest tries of an endpoint, the last added first; none for an unknown endpoint. At most `limit`. */
  list(endpoint: string, limit?: number): Promise<readonly DeliveryLogEntry[]>;
}
