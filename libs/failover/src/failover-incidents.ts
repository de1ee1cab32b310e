import type { Broker, Incidents } from '@smart-support/contracts';

/** The brokers of {@link failoverIncidents}. */
export interface IncidentBrokers {
  readonly local: Broker;
  /** The broker that serves now. @throws SmartSupportError `unavailable` if only the shared one has the answer, and it is away */
  readonly serving: (what: 'some' | 'all') => Broker;
  /** Hands a ticket over if it is finished here and the shared broker serves. */
  readonly handOff: (ticketId: string) => Promise<void>;
}

/**
 * Incidents of both brokers. One that opened in this process, while the shared broker was away, stays here until its last ticket is handed over:
 * the shared broker judges its suppressed tickets anew. Up to a hundred of these incidents come before the first page of the shared broker.
 */
export function failoverIncidents({ local, serving, handOff: handOver }: IncidentBrokers): Incidents {
  const inItsBroker = async (incidentId: string): Promise<Incidents> =>
    ((await local.incidents.get(incidentId)) ? local : serving('all')).incidents;
  return {
    list: async (query = {}) => {
      const broker = serving('some');
      const page = await broker.incidents.list(query);
      if (broker === local || query.cursor !== undefined) return page;
      const { cursor: _cursor, ...rest } = query;
      const ours = await local.incidents.list(rest);
      return { ...page, incidents: [...ours.incidents, ...page.incidents] };
    },
    get: async (id) => (await local.incidents.get(id)) ?? (await serving('all').incidents.get(id)),
    members: async (id, cursor) => (await inItsBroker(id)).members(id, cursor),
    doubtfulMembers: async (id, cursor) => (await inItsBroker(id)).doubtfulMembers(id, cursor),
    open: async (title, ticketIds) => {
      for (const id of ticketIds) await handOver(id);
      return serving('some').incidents.open(title, ticketIds);
    },
    confirm: async (id) => (await inItsBroker(id)).confirm(id),
    resolve: async (id, resolution) => (await inItsBroker(id)).resolve(id, resolution),
    reject: async (id) => (await inItsBroker(id)).reject(id),
    unlink: async (id, ticketId) => (await inItsBroker(id)).unlink(id, ticketId),
  };
}
