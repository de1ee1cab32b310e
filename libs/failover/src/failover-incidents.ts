import type { Broker, Incidents } from '@smart-support/contracts';

/** The brokers that incidents may be in. */
export interface IncidentBrokers {
  readonly local: Broker;
  /** The broker that serves now. @throws SmartSupportError `unavailable` if only the shared one can know, and it is away */
  readonly serving: (what: 'some' | 'all') => Broker;
  /** Hands a ticket over if it is finished here and the shared broker serves. */
  readonly handOff: (ticketId: string) => Promise<void>;
}

/**
 * Incidents of both brokers. One that opened in this process, while the shared broker was away, is here until its last ticket was handed over:
 * its suppressed tickets are judged anew there. Of those, up to a hundred stand before the first page: more would mean that the handing over
 * stands still.
 */
export function failoverIncidents({ local, serving, handOff: handOver }: IncidentBrokers): Incidents {
  const whereItIs = async (incidentId: string): Promise<Incidents> =>
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
    members: async (id, cursor) => (await whereItIs(id)).members(id, cursor),
    doubtfulMembers: async (id, cursor) => (await whereItIs(id)).doubtfulMembers(id, cursor),
    open: async (title, ticketIds) => {
      for (const id of ticketIds) await handOver(id);
      return serving('some').incidents.open(title, ticketIds);
    },
    confirm: async (id) => (await whereItIs(id)).confirm(id),
    resolve: async (id, resolution) => (await whereItIs(id)).resolve(id, resolution),
    reject: async (id) => (await whereItIs(id)).reject(id),
    unlink: async (id, ticketId) => (await whereItIs(id)).unlink(id, ticketId),
  };
}
