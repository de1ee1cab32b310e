import type { Agent, AgentInput, Category } from '@smart-support/contracts';

/** An agent as this process last read it, with what it has assigned since. It is an {@link Agent}, so it is ranked without a copy. */
export class KnownAgent implements Agent {
  /** Prefix of the facts by category: a profile does not change between two versions of the roster. */
  private readonly factStarts = new Map<Category, string>();

  /** The id and capacity as text, computed at the first use. */
  private idleSince: string | undefined;

  /** @param idleSinceMs - in milliseconds since 1970 */
  constructor(
    readonly id: string,
    private readonly profile: AgentInput,
    private slots: number,
    private idleSinceMs: number,
  ) {}

  get name(): string {
    return this.profile.name;
  }

  get skills(): Agent['skills'] {
    return this.profile.skills;
  }

  get capacity(): number {
    return this.profile.capacity;
  }

  get status(): Agent['status'] {
    return this.profile.status;
  }

  get load(): number {
    return this.slots;
  }

  get idle_since(): string {
    return (this.idleSince ??= new Date(this.idleSinceMs).toISOString());
  }

  /** Counts a ticket that was just assigned to the agent. */
  give(nowMs: number): void {
    this.correct(this.slots + 1, Math.trunc(nowMs));
  }

  /** Replaces the counts by those of the store. */
  correct(load: number, idleSinceMs: number): void {
    this.slots = load;
    if (this.idleSinceMs === idleSinceMs) return;
    this.idleSinceMs = idleSinceMs;
    this.idleSince = undefined;
  }

  /** A copy that does not change afterwards. */
  copy(): Agent {
    const { id, load, idle_since } = this;
    return { id, ...this.profile, load, idle_since };
  }

  /** The facts of the agent, as a ticket of this category stores them: `[id, skill, capacity, status, load, idle since]`, JSON. */
  fact(category: Category): string {
    let start = this.factStarts.get(category);
    if (start === undefined) {
      const { id, skills, capacity, status } = this;
      start = `${JSON.stringify([id, skills[category] ?? 0, capacity, status]).slice(0, -1)},`;
      this.factStarts.set(category, start);
    }
    return `${start}${this.slots},${this.idleSinceMs}]`;
  }
}
