import { DEMO_ROSTER } from '@smart-support/agent-registry';
import { SmartSupportError } from '@smart-support/contracts';
import { createLogger } from '@smart-support/telemetry';
import { VirtualClock } from '@smart-support/testing';
import { seedRoster } from './seed-roster';

/** A broker that answers one after the other: an error, or whether it loaded the roster. */
function begin(answers: (boolean | Error)[]) {
  const clock = new VirtualClock();
  const log: string[] = [];
  let asked = 0;
  const end = seedRoster({
    agents: {
      seed: async () => {
        const answer = answers[asked++];
        if (answer instanceof Error) throw answer;
        return answer ?? false;
      },
    },
    roster: DEMO_ROSTER,
    logger: createLogger({ level: 'info', name: 'spec', destination: { write: (line) => void log.push(line) } }),
    clock,
  });
  return { clock, log, end, asked: () => asked };
}
const away = new SmartSupportError('unavailable', 'away');

describe('the roster at the start', () => {
  it('is loaded and logged', async () => {
    const { clock, log, asked } = begin([true]);
    await clock.run(10_000);
    expect(asked()).toBe(1);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ agents: DEMO_ROSTER.length });
  });

  it('is not worth a word where agents exist', async () => {
    const { clock, log, asked } = begin([false]);
    await clock.run(10_000);
    expect(asked()).toBe(1);
    expect(log).toEqual([]);
  });

  it('is tried once a second until the broker answers, quietly while it is away', async () => {
    const { clock, log, asked } = begin([away, away, true]);
    await clock.run(1500);
    expect(asked()).toBe(2);
    expect(log).toEqual([]);
    await clock.run(10_000);
    expect(asked()).toBe(3);
    expect(log).toHaveLength(1);
  });

  it('that cannot be loaded for another reason is an error, logged once', async () => {
    const corrupt = new SmartSupportError('corrupt', 'not ours');
    const { clock, log } = begin([corrupt, corrupt, true]);
    await clock.run(10_000);
    expect(log.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'info']);
  });

  it('is tried no more once the process stops', async () => {
    const { clock, asked, end } = begin([away, true]);
    await clock.run(500);
    end();
    await clock.run(10_000);
    expect(asked()).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});
