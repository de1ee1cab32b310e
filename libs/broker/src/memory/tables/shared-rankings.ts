import type { AgentRegistry } from '@smart-support/agent-registry';
import { AGENT_OUTCOMES, CATEGORIES, type Category, type RankedAgent } from '@smart-support/contracts';

/**
 * Rankings as explanations keep them. Most places do not change from one ranking to the next, so equal places share one object,
 * and equal rankings one array: a hundred thousand tickets that wait for the same busy agents share one ranking.
 */
export class SharedRankings {
  /** Of each agent, the latest place per category and outcome. */
  private readonly places = new Map<string, RankedAgent[]>();
  /** Per category, the latest ranking of the registry, and its shared copy. */
  private readonly latest = new Map<
    Category,
    { readonly given: readonly RankedAgent[]; readonly kept: readonly RankedAgent[] }
  >();

  constructor(private readonly registry: AgentRegistry) {}

  /** The ranking for a ticket of this category, best first. */
  of(category: Category): readonly RankedAgent[] {
    const given = this.registry.rank(category);
    const latest = this.latest.get(category);
    if (latest?.given === given) return latest.kept;
    const places = given.map((place) => this.share(category, place));
    const kept = latest && isSame(latest.kept, places) ? latest.kept : places;
    this.latest.set(category, { given, kept });
    return kept;
  }

  /** Drops the places of a removed agent. */
  forget(agentId: string): void {
    this.places.delete(agentId);
  }

  private share(category: Category, place: RankedAgent): RankedAgent {
    let known = this.places.get(place.agent_id);
    if (!known) this.places.set(place.agent_id, (known = []));
    const slot = CATEGORIES.indexOf(category) * AGENT_OUTCOMES.length + AGENT_OUTCOMES.indexOf(place.outcome);
    const former = known[slot];
    if (former?.score === place.score && former.load === place.load && former.capacity === place.capacity) {
      return former;
    }
    known[slot] = place;
    return place;
  }
}

function isSame(some: readonly RankedAgent[], others: readonly RankedAgent[]): boolean {
  return some.length === others.length && some.every((place, index) => place === others[index]);
}
