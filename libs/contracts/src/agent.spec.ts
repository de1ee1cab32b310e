import { agentInputSchema, rosterSchema } from './agent';

const agent = { name: 'Ada', skills: { Billing: 0.9 }, capacity: 3, status: 'available' };

describe('agents', () => {
  it('take skills for categories that exist, a whole capacity and one of two statuses', () => {
    expect(agentInputSchema.parse(agent)).toEqual(agent);
    const problems = (change: object) =>
      agentInputSchema.safeParse({ ...agent, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];
    expect(problems({ skills: { Sales: 1 } })).toEqual(['skills']);
    expect(problems({ skills: { Billing: 1.5 } })).toEqual(['skills.Billing']);
    expect(problems({ capacity: -1 })).toEqual(['capacity']);
    expect(problems({ capacity: 1.5 })).toEqual(['capacity']);
    expect(problems({ status: 'busy' })).toEqual(['status']);
    expect(problems({ name: '  ' })).toEqual(['name']);
  });

  it('a roster that lists an id twice is refused', () => {
    const roster = {
      agents: [
        { ...agent, id: 'ada' },
        { ...agent, id: 'ada' },
      ],
    };
    expect(rosterSchema.safeParse(roster).error?.issues[0]?.message).toBe('"ada" is listed twice');
  });
});
