import { createMemoryBroker } from '@smart-support/broker';
import { type AgentInput, type Broker, CATEGORIES } from '@smart-support/contracts';
import { VirtualClock, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import { copyRoster } from './create-failover';

const aBroker = async (agents: Readonly<Record<string, AgentInput>>): Promise<Broker> => {
  const broker = createMemoryBroker({}, { clock: new VirtualClock() });
  for (const [id, agent] of Object.entries(agents)) await broker.agents.put(id, agent);
  return broker;
};
const profiles = async ({ agents }: Broker) =>
  (await agents.list()).map(({ load: _load, idle_since: _idle, ...profile }) => profile);

const agent: fc.Arbitrary<AgentInput> = fc
  .record({
    name: fc.constantFrom('Ann', 'Ben'),
    skills: fc.uniqueArray(fc.tuple(fc.constantFrom(...CATEGORIES), fc.constantFrom(0.5, 1)), {
      selector: ([category]) => category,
    }),
    capacity: fc.nat({ max: 2 }),
    status: fc.constantFrom('available' as const, 'away' as const),
  })
  .map(({ skills, ...rest }) => ({ ...rest, skills: Object.fromEntries(skills) }));
const roster = fc.dictionary(fc.constantFrom('ann', 'ben', 'cy', 'dee'), agent, { noNullPrototype: true });

describe('the copy of the roster', () => {
  it('has the same agents as the original, whichever were there before', async () => {
    await fc.assert(
      fc.asyncProperty(roster, roster, async (there, here) => {
        const [from, to] = [await aBroker(there), await aBroker(here)];
        await copyRoster(from.agents, to.agents);
        expect(await profiles(to)).toEqual(await profiles(Object.keys(there).length > 0 ? from : await aBroker(here)));
      }),
    );
  });

  it('leaves unchanged agents alone, in whatever order their skills are listed', async () => {
    const from = await aBroker({ ann: anAgentInput({ skills: { Legal: 1, Billing: 0.5 } }), ben: anAgentInput() });
    const to = await aBroker({ ann: anAgentInput({ skills: { Billing: 0.5, Legal: 1 } }), ben: anAgentInput() });
    const put = jest.fn(to.agents.put);
    await copyRoster(from.agents, { ...to.agents, put });
    expect(put).not.toHaveBeenCalled();
    await from.agents.put('ben', anAgentInput({ status: 'away' }));
    await copyRoster(from.agents, { ...to.agents, put });
    expect(put.mock.calls.map(([id]) => id)).toEqual(['ben']);
  });
});
