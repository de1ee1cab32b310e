import {
  DELIVERIES_KEPT,
  type DeliveryLog,
  type DeliveryLogEntry,
  MAX_WEBHOOK_ENDPOINTS,
} from '@smart-support/contracts';

/** A delivery log in the memory of this process. Keeps the endpoints that were tried last, as many as there can be at one time. */
export class MemoryDeliveryLog implements DeliveryLog {
  /** The entries of an endpoint, the oldest first; the endpoint that was tried last is the last one. */
  private readonly byEndpoint = new Map<string, DeliveryLogEntry[]>();

  /** See {@link DeliveryLog.add}. */
  async add(entry: DeliveryLogEntry): Promise<void> {
    const entries = this.byEndpoint.get(entry.endpoint) ?? [];
    entries.push(entry);
    if (entries.length > DELIVERIES_KEPT) entries.shift();
    this.byEndpoint.delete(entry.endpoint);
    this.byEndpoint.set(entry.endpoint, entries);
    const [leastRecent] = this.byEndpoint.keys();
    if (leastRecent !== undefined && this.byEndpoint.size > MAX_WEBHOOK_ENDPOINTS) this.byEndpoint.delete(leastRecent);
  }

  /** See {@link DeliveryLog.list}. */
  async list(endpoint: string, limit = DELIVERIES_KEPT): Promise<readonly DeliveryLogEntry[]> {
    const entries = this.byEndpoint.get(endpoint) ?? [];
    return entries.slice(Math.max(0, entries.length - Math.max(0, limit))).reverse();
  }
}
