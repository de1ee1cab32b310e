import type { HostAndPort, RedisTarget, TimerClock } from '@smart-support/contracts';
import { type NodeAccess, askNode } from './ask-node';
import { enoughAnswers } from './enough-answers';
import { type MasterLocator, addressOf } from './master-locator';
import { reasonIn } from './store-errors';

/** Most nodes that one search asks. */
const MOST_ASKED = 9;

/** How long a redirection counts, in milliseconds: for both clients of a process, and until other nodes know the new owner. */
const SUGGESTED_MS = 1_000;

type ClusterTarget = Extract<RedisTarget, { topology: 'cluster' }>;

/** A node in the answer to `CLUSTER SLOTS`: host, port, id, and from Redis 7 on more names as a flat list: `ip`, its value, ... */
type SlotNode = readonly [string | null, number, string?, (readonly string[])?];

/** A range of slots in that answer: first, last, then its nodes, the master first. */
type SlotRange = readonly [number, number, ...(readonly SlotNode[])];

/** The answer of one node: the owner of the slot, and the nodes of the cluster. */
interface Opinion {
  readonly owner: HostAndPort | undefined;
  readonly nodes: readonly HostAndPort[];
}

/** Dependencies of a {@link ClusterLocator}. */
export interface ClusterLocatorOptions {
  /** Credentials of the nodes. */
  readonly access: NodeAccess;
  /** Any key of the domain. */
  readonly key: string;
  readonly clock: TimerClock;
  /** Asks one node; {@link askNode} by default. */
  readonly ask?: typeof askNode;
}

/**
 * Finds the master of the slot of a routing domain. All keys of a domain have one hash tag, so one node of a cluster has all of
 * them, and a client of the domain needs only that node.
 */
export class ClusterLocator implements MasterLocator {
  private known: readonly HostAndPort[] = [];
  private owner: HostAndPort | undefined;
  private suggestion: { readonly owner: HostAndPort; readonly until: number } | undefined;

  constructor(
    private readonly target: ClusterTarget,
    private readonly options: ClusterLocatorOptions,
  ) {}

  /** A redirection of the last second; otherwise the owner that most nodes name, because a node that is cut off may not know of a failover. */
  async locate(): Promise<HostAndPort> {
    const { suggested } = this;
    if (suggested) return (this.owner = suggested);
    const nodes = this.nodesToAsk();
    const { answers, problems } = await enoughAnswers(
      nodes.map((node) => this.ask(node)),
      (opinions) => (mostNamed(opinions)?.votes ?? 0) > nodes.length / 2,
      this.options.clock,
    );
    // A redirection that arrived while the nodes were asked is more recent.
    if (this.suggested) return (this.owner = this.suggested);
    const winner = mostNamed(answers);
    if (!winner)
      throw new Error(
        `No node of the cluster names an owner of the domain's slot: ${reasonIn(problems) || 'none of them has it'}`,
      );
    this.known = answers.flatMap((opinion) => opinion.nodes);
    this.owner = winner.owner;
    return winner.owner;
  }

  /** See {@link MasterLocator}. */
  isCurrent(address: HostAndPort): boolean {
    const { suggested } = this;
    return !suggested || addressOf(suggested) === addressOf(address);
  }

  /** See {@link MasterLocator}. */
  suggest(address: string): void {
    const { host = '', port = '' } = /^\[?(?<host>[^\s[\]]*)\]?:(?<port>\d{1,5})$/.exec(address)?.groups ?? {};
    const number = Number(port);
    if (number === 0 || number > 65_535) return;
    const known = host === '' || host === '?' ? this.owner?.host : host;
    if (known === undefined) return;
    const until = this.options.clock.monotonic() + SUGGESTED_MS;
    this.suggestion = { owner: { host: known, port: number }, until };
  }

  /** See {@link MasterLocator}. */
  close(): void {
    // The locator keeps no connection.
  }

  private get suggested(): HostAndPort | undefined {
    const { suggestion, options } = this;
    return suggestion && options.clock.monotonic() < suggestion.until ? suggestion.owner : undefined;
  }

  /** The seeds of the address come first: they may be names that lead to other nodes by now. */
  private nodesToAsk(): readonly HostAndPort[] {
    const unique = new Map([...this.target.nodes, ...this.known].map((node) => [addressOf(node), node]));
    return [...unique.values()].slice(0, MOST_ASKED);
  }

  private ask(node: HostAndPort): Promise<Opinion> {
    const { access, key, ask = askNode } = this.options;
    return ask(node, access, async (client) => {
      const [slot, ranges] = (await Promise.all([
        client.call('CLUSTER', 'KEYSLOT', key),
        client.call('CLUSTER', 'SLOTS'),
      ])) as [number, readonly SlotRange[]];
      const at = (found: SlotNode): HostAndPort => ({ host: hostOf(found) ?? node.host, port: found[1] });
      const range = ranges.find(([first, last]) => first <= slot && slot <= last);
      const [, , master] = range ?? [];
      return {
        owner: master && at(master),
        nodes: ranges.flatMap(([, , ...nodes]) => nodes.map(at)),
      };
    });
  }
}

/** The address of a node; without a host, the node that answers names itself. `undefined` if the address is unknown. */
function hostOf([host, , , names = []]: SlotNode): string | undefined {
  if (host !== '?') return host || undefined;
  // The cluster prefers hostnames, and this node has none.
  const at = names.findIndex((name, index) => index % 2 === 0 && name === 'ip');
  return at < 0 ? undefined : names[at + 1] || undefined;
}

function mostNamed(opinions: readonly Opinion[]): { readonly owner: HostAndPort; readonly votes: number } | undefined {
  const named = new Map<string, { readonly owner: HostAndPort; readonly votes: number }>();
  for (const { owner } of opinions) {
    if (!owner) continue;
    const votes = (named.get(addressOf(owner))?.votes ?? 0) + 1;
    named.set(addressOf(owner), { owner, votes });
  }
  const [first] = [...named.values()].sort((a, b) => b.votes - a.votes);
  return first;
}
