import type { HostAndPort, RedisTarget } from '@smart-support/contracts';
import { type NodeAccess, askNode } from './ask-node';
import type { MasterLocator } from './master-locator';
import { plainError } from './store-errors';

/** Nodes asked for one answer, at most. */
const MOST_ASKED = 9;

type ClusterTarget = Extract<RedisTarget, { topology: 'cluster' }>;

/** A range of slots as `CLUSTER SLOTS` gives it: first, last, then its nodes, the master first, each as host, port, ... */
type SlotRange = readonly [number, number, ...(readonly [string | null, number, ...unknown[]])[]];

/** What one node says: who has the slot, and which nodes there are. */
interface Opinion {
  readonly owner: HostAndPort | undefined;
  readonly nodes: readonly HostAndPort[];
}

/**
 * Finds the master of the slot that a routing domain stands in. All keys of a domain have one hash tag, so that one node of a cluster has all of
 * them: a client of the domain needs that node alone.
 */
export class ClusterLocator implements MasterLocator {
  private readonly access: NodeAccess;
  private known: readonly HostAndPort[] = [];
  private owner: HostAndPort | undefined;
  private suggested: HostAndPort | undefined;

  /** @param key - any key of the domain */
  constructor(
    private readonly target: ClusterTarget,
    access: NodeAccess,
    private readonly key: string,
  ) {
    this.access = access;
  }

  /** What a server suggested, once; else the owner that most nodes name: one that is cut off from the others may not know of a failover. */
  async locate(): Promise<HostAndPort> {
    const { suggested } = this;
    this.suggested = undefined;
    if (suggested) return (this.owner = suggested);
    const asked = this.nodesToAsk();
    const answers = await Promise.allSettled(asked.map((node) => this.ask(node)));
    const opinions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const owner = mostNamed(opinions.flatMap((opinion) => opinion.owner ?? []));
    if (!owner) throw new Error(`No node of the cluster names an owner of the domain's slot: ${reasonIn(answers)}`);
    this.known = opinions.flatMap(({ nodes }) => nodes);
    this.owner = owner;
    return owner;
  }

  /** See {@link MasterLocator}. */
  suggest(address: string): void {
    const { host = '', port = '' } = /^(?<host>\S*):(?<port>\d{1,5})$/.exec(address)?.groups ?? {};
    if (port === '') return;
    const known = host === '' || host === '?' ? this.owner?.host : host;
    if (known !== undefined) this.suggested = { host: known, port: Number(port) };
  }

  /** It keeps no connection. */
  close(): void {
    // See above.
  }

  /** Those of the address first: they may be names that lead to other nodes by now. */
  private nodesToAsk(): readonly HostAndPort[] {
    const unique = new Map([...this.target.nodes, ...this.known].map((node) => [`${node.host}:${node.port}`, node]));
    return [...unique.values()].slice(0, MOST_ASKED);
  }

  private ask(node: HostAndPort): Promise<Opinion> {
    return askNode(node, this.access, async (client) => {
      const [slot, ranges] = (await Promise.all([
        client.call('CLUSTER', 'KEYSLOT', this.key),
        client.call('CLUSTER', 'SLOTS'),
      ])) as [number, readonly SlotRange[]];
      // A node that does not know its own address leaves it out.
      const at = ([host, port]: SlotRange[2]): HostAndPort => ({ host: host || node.host, port });
      const range = ranges.find(([first, last]) => first <= slot && slot <= last);
      const [, , master] = range ?? [];
      return {
        owner: master && at(master),
        nodes: ranges.flatMap(([, , ...nodes]) => nodes.map(at)),
      };
    });
  }
}

function mostNamed(owners: readonly HostAndPort[]): HostAndPort | undefined {
  const votes = new Map<string, { readonly owner: HostAndPort; count: number }>();
  for (const owner of owners) {
    const name = `${owner.host}:${owner.port}`;
    const vote = votes.get(name) ?? { owner, count: 0 };
    vote.count += 1;
    votes.set(name, vote);
  }
  const [first] = [...votes.values()].sort((a, b) => b.count - a.count);
  return first?.owner;
}

function reasonIn(answers: readonly PromiseSettledResult<unknown>[]): string {
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [plainError(answer.reason).message] : []));
  return [...new Set(reasons)].join('; ') || 'none of them has it';
}
