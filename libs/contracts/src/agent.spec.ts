import { agentInputSchema } from './agent';

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
    expect(problems({ skills: JSON.parse('{"__proto__":1}') as object })).toEqual(['skills']);
  });
});
