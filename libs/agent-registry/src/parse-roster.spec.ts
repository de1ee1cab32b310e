import { inspect } from 'node:util';
import { CATEGORIES, isSmartSupportError, type InputIssue } from '@smart-support/contracts';
import { anAgentInput } from '@smart-support/testing';
import { DEMO_ROSTER } from './demo-roster';
import { parseRoster } from './parse-roster';

const agent = (id: string) => ({ id, ...anAgentInput() });

function issuesOf(json: string): readonly InputIssue[] {
  try {
    parseRoster(json);
  } catch (error) {
    if (isSmartSupportError(error, 'invalid_config')) return error.issues;
    throw error;
  }
  return [];
}

const pathsOf = (roster: unknown): string[] => issuesOf(JSON.stringify(roster)).map(({ path }) => path);

describe('reading a roster', () => {
  it('gives the agents as listed', () => {
    const agents = [agent('ann'), agent('constructor')];
    expect(parseRoster(JSON.stringify({ agents }))).toEqual(agents);
    expect(parseRoster('{"agents": []}')).toEqual([]);
  });

  it.each(['', '{', '{"agents": [}', 'agents: []', '\ud800'])('refuses %j, which is not JSON', (json) => {
    expect(issuesOf(json)).toEqual([{ path: '', message: 'is not JSON' }]);
  });

  it('quotes nothing of a file that is not JSON: it may be another one, with secrets', () => {
    for (const json of ['API_KEYS=me:operator:hunter2', '{"agents": hunter2}', '{"agents": []} hunter2']) {
      let thrown: unknown;
      try {
        parseRoster(json);
      } catch (error) {
        thrown = error;
      }
      expect(inspect(thrown, { depth: null })).toContain('is not JSON');
      expect(inspect(thrown, { depth: null })).not.toMatch(/API_KEYS|hunter2/);
    }
  });

  it.each(['null', '7', '[]', '"agents"', '{}', '{"agents": {}}', '{"agents": null}'])('refuses %s', (json) => {
    expect(issuesOf(json)).toHaveLength(1);
  });

  it('names every problem with its place at once', () => {
    const roster = {
      agents: [
        agent('ann'),
        { ...agent('ben'), capacity: -1, status: 'asleep' },
        agent('ann'),
        { ...agent('not an id'), skills: { Billing: 2, Catering: 1 } },
        { id: 'ben' },
        null,
      ],
    };
    expect(pathsOf(roster).toSorted()).toEqual(
      [
        'agents.1.capacity',
        'agents.1.status',
        'agents.2.id',
        'agents.3.id',
        'agents.3.skills',
        'agents.3.skills.Billing',
        'agents.4.capacity',
        'agents.4.id',
        'agents.4.name',
        'agents.4.skills',
        'agents.4.status',
        'agents.5',
      ].toSorted(),
    );
  });

  it('names a repeated id once, and says so in the message', () => {
    const json = JSON.stringify({ agents: [agent('ann'), agent('ann')] });
    expect(issuesOf(json)).toEqual([{ path: 'agents.1.id', message: '"ann" is listed twice' }]);
    expect(() => parseRoster(json)).toThrow('agents.1.id: "ann" is listed twice');
  });
});

describe('the demo roster', () => {
  it('is a valid roster of eight to ten', () => {
    expect(parseRoster(JSON.stringify({ agents: DEMO_ROSTER }))).toEqual(DEMO_ROSTER);
    expect(DEMO_ROSTER.length).toBeGreaterThanOrEqual(8);
    expect(DEMO_ROSTER.length).toBeLessThanOrEqual(10);
  });

  it.each(CATEGORIES)('has several available people for %s', (category) => {
    const able = DEMO_ROSTER.filter(({ status, skills }) => status === 'available' && (skills[category] ?? 0) > 0);
    expect(able.length).toBeGreaterThanOrEqual(3);
  });
});
