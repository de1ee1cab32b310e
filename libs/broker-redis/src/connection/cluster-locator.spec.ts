import type { HostAndPort } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import type { Redis } from 'ioredis';
import type { askNode } from './ask-node';
import { ClusterLocator } from './cluster-locator';
import { addressOf } from './master-locator';

const SLOT = 7;
const HOSTS = ['one', 'two', 'three', 'four', 'five'];

type Node = readonly [string | null, number, string?, (readonly string[])?];

/** A cluster that names a master of the slot, by default the same at every node. */
function begin(names: readonly string[] = HOSTS) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const masters = new Map<string, Node | Error | Promise<Node>>();
  let master: Node = ['one', 7000];
  const ask: typeof askNode = async (node, _access, question) => {
    asked.push(addressOf(node));
    const named = await (masters.get(node.host) ?? master);
    if (named instanceof Error) throw named;
    const call = async (_command: string, what: string): Promise<unknown> =>
      what === 'KEYSLOT'
        ? SLOT
        : [
            [0, 6, ['elsewhere', 1]],
            [7, 9, named, ['replica', 7000]],
          ];
    return question({ call } as unknown as Redis);
  };
  const nodes = names.map((host): HostAndPort => ({ host, port: 7000 }));
  const locator = new ClusterLocator(
    { topology: 'cluster', nodes, username: undefined, password: undefined, tls: false },
    { access: {}, key: '{test}:probe', clock, ask },
  );
  const says = (host: string, answer: Node | Error | Promise<Node>): void => void masters.set(host, answer);
  return { clock, asked, locator, says, everyoneSays: (answer: Node) => void (master = answer) };
}

const NEVER = new Promise<never>(() => undefined);

describe('the owner of a domain’s slot', () => {
  it('is the one that most nodes name: one that was cut off from the others does not decide', async () => {
    const { locator, says, everyoneSays } = begin();
    everyoneSays(['new', 7000]);
    says('one', ['old', 7000]);
    says('two', ['old', 7000]);
    expect(await locator.locate()).toEqual({ host: 'new', port: 7000 });
  });

  it('is known without a node that is dead, 100 ms after more than half agree', async () => {
    const { clock, locator, says } = begin();
    says('two', NEVER);
    const located = jest.fn();
    void locator.locate().then(located);
    await clock.run(99);
    expect(located).not.toHaveBeenCalled();
    await clock.run(1);
    expect(located).toHaveBeenCalledWith({ host: 'one', port: 7000 });
  });

  it('is not known before more than half agree: the others are waited for', async () => {
    const { clock, locator, says } = begin();
    let answer: (node: Node) => void = () => undefined;
    says('one', ['old', 7000]);
    says('two', ['old', 7000]);
    says('three', new Promise((resolve) => (answer = resolve)));
    const located = jest.fn();
    void locator.locate().then(located);
    await clock.run(10_000);
    expect(located).not.toHaveBeenCalled();
    answer(['one', 7000]);
    await clock.run(0);
    expect(located).toHaveBeenCalledWith({ host: 'one', port: 7000 });
  });

  it('is not known if no node names one, for the reasons of the nodes, each once', async () => {
    const { locator, says } = begin(['one', 'two', 'three']);
    says('one', new Error('connect ECONNREFUSED'));
    says('two', new Error('connect ECONNREFUSED'));
    says('three', new Error('NOPERM'));
    await expect(locator.locate()).rejects.toThrow(/slot: connect ECONNREFUSED; NOPERM$/);
  });

  it.each<[named: string, node: Node, host: string]>([
    ['without a host', [null, 7001], 'one'],
    ['with an empty host', ['', 7001], 'one'],
    ['with a hostname that it does not have, and its address', ['?', 7001, 'id', ['ip', '10.0.0.7']], '10.0.0.7'],
    ['with a hostname that it does not have', ['?', 7001, 'id', ['ip', '']], 'one'],
    ['with an address of IPv6', ['2001:db8::7', 7001, 'id', []], '2001:db8::7'],
  ])('that is named %s is found', async (_, node, host) => {
    const { locator, everyoneSays } = begin(['one']);
    everyoneSays(node);
    expect(await locator.locate()).toEqual({ host, port: 7001 });
  });

  it('is asked of the nodes that the cluster names, too, next time', async () => {
    const { asked, locator } = begin(['one']);
    await locator.locate();
    asked.length = 0;
    await locator.locate();
    expect(asked).toEqual(['one:7000', 'elsewhere:1', 'replica:7000']);
  });
});

describe('a redirection of a server', () => {
  it.each([
    ['other:7001', { host: 'other', port: 7001 }],
    [':7001', { host: 'one', port: 7001 }],
    ['?:7001', { host: 'one', port: 7001 }],
    ['10.0.0.7:7001', { host: '10.0.0.7', port: 7001 }],
    ['2001:db8::7:7001', { host: '2001:db8::7', port: 7001 }],
    ['[2001:db8::7]:7001', { host: '2001:db8::7', port: 7001 }],
  ])('%s is where the next connection leads', async (address, found) => {
    const { locator } = begin();
    await locator.locate();
    locator.suggest(address);
    expect(await locator.locate()).toEqual(found);
  });

  it.each(['', 'other', 'other:', 'other:0', 'other:70000', 'two words:7001'])(
    'as "%s", which is no address, has no effect',
    async (address) => {
      const { locator } = begin();
      const found = await locator.locate();
      locator.suggest(address);
      expect([await locator.locate(), locator.isCurrent(found)]).toEqual([found, true]);
    },
  );

  it('counts for both clients, and for a second, while nodes may still name the old one', async () => {
    const { asked, clock, locator } = begin();
    locator.suggest('new:7000');
    const both = [await locator.locate(), await locator.locate()];
    await clock.run(999);
    expect([...both, await locator.locate()].map(addressOf)).toEqual(['new:7000', 'new:7000', 'new:7000']);
    expect(asked).toEqual([]);
    await clock.run(1);
    expect(await locator.locate()).toEqual({ host: 'one', port: 7000 });
    expect(asked).toHaveLength(5);
  });

  it('counts for a client that was already asking the nodes', async () => {
    const { locator } = begin();
    const found = locator.locate();
    locator.suggest('new:7000');
    expect(await found).toEqual({ host: 'new', port: 7000 });
  });

  it('ends a connection to another node that was just being made', async () => {
    const { locator } = begin();
    const found = await locator.locate();
    expect(locator.isCurrent(found)).toBe(true);
    locator.suggest('new:7000');
    expect([locator.isCurrent(found), locator.isCurrent(await locator.locate())]).toEqual([false, true]);
  });

  it('is replaced by what a server suggests after it', async () => {
    const { locator } = begin();
    locator.suggest('new:7000');
    locator.suggest('newer:7000');
    expect(await locator.locate()).toEqual({ host: 'newer', port: 7000 });
  });
});
