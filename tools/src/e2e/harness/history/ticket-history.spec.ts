import { forbiddenStep, timesInStatus, timesReleased, wasAdopted } from './ticket-history';
import { type DomainHistory, WriteHistory } from './write-history';

function historyOf(...commands: readonly string[]): DomainHistory {
  const history = new WriteHistory();
  for (const command of commands) history.read(command.split(' '));
  return history.domain('shop');
}

const life = (...statuses: readonly string[]) =>
  historyOf(...statuses.map((status) => `HSET {shop}:ticket:a status ${status}`)).tickets.get('a')!;

describe('the history of a ticket, from the writes of the store', () => {
  it('holds every status, who got it, its commits, its stalls and its alerts', () => {
    const { tickets } = historyOf(
      'HSET {shop}:ticket:a status queued received_ms 1',
      'HSET {shop}:ticket:a status processing',
      'HINCRBY {shop}:ticket:a attempts 1',
      'HINCRBY {shop}:ticket:a stalls 1',
      'HSET {shop}:ticket:a token t category Billing',
      'HSET {shop}:ticket:a status assigned agent ann how ranked',
      'HSET {shop}:outbox:bodies ticket.urgent:a {}',
      'HSET {shop}:outbox:bodies incident.opened:incident-1-0 {}',
      'HSET {other}:ticket:b status queued',
      'SET {shop}:lock:a t',
    );
    expect([...tickets.keys()]).toEqual(['a']);
    expect(tickets.get('a')).toEqual({
      steps: [
        { status: 'queued', agent: undefined },
        { status: 'processing', agent: undefined },
        { status: 'assigned', agent: 'ann' },
      ],
      commits: 1,
      stalls: 1,
      alerts: 1,
      alertsAfter: [3],
    });
  });

  it('knows the highest load of every agent', () => {
    const steps = ['ann 1', 'ann 1', 'ann -1', 'ben 1', 'ann 1', 'ann -1'];
    const { highestLoads } = historyOf(...steps.map((step) => `HINCRBY {shop}:agents:load ${step}`));
    expect(Object.fromEntries(highestLoads)).toEqual({ ann: 2, ben: 1 });
  });

  it('counts how often it was given to an agent', () => {
    expect(timesInStatus(life('queued', 'processing', 'waiting', 'assigned', 'completed'), 'assigned')).toBe(1);
    expect(timesInStatus(life('queued', 'processing', 'assigned', 'processing', 'assigned'), 'assigned')).toBe(2);
  });

  it('shows the first step that the life table forbids', () => {
    expect(
      forbiddenStep(life('queued', 'processing', 'queued', 'processing', 'assigned', 'completed')),
    ).toBeUndefined();
    expect(forbiddenStep(life('queued', 'processing', 'assigned', 'assigned'))).toBe('assigned -> assigned');
    expect(forbiddenStep(life('queued', 'assigned', 'completed', 'queued'))).toBe('queued -> assigned');
    expect(forbiddenStep(life('queued', 'nonsense'))).toBe('queued -> nonsense');
  });

  it('knows how often it got a status, and who completed it', () => {
    const suppressed = historyOf(
      'HSET {shop}:ticket:a status suppressed',
      'HSET {shop}:ticket:a status completed resolution incident',
    ).tickets.get('a')!;
    expect(timesInStatus(suppressed, 'suppressed')).toBe(1);
    expect(suppressed.steps.at(-1)).toEqual({ status: 'completed', agent: undefined, resolution: 'incident' });
  });

  it('lets a ticket be suppressed and completed in one step, by its incident alone', () => {
    const inWork = ['HSET {shop}:ticket:a status queued', 'HSET {shop}:ticket:a status processing'];
    const ended = (by: string) =>
      historyOf(...inWork, `HSET {shop}:ticket:a status completed resolution ${by}`).tickets.get('a')!;
    expect(forbiddenStep(ended('incident'))).toBeUndefined();
    expect(forbiddenStep(ended('agent'))).toBe('processing -> completed');
  });

  it('distinguishes an adopted ticket from one of the queue', () => {
    expect(wasAdopted(life('queued', 'processing'))).toBe(false);
    expect(wasAdopted(life('completed'))).toBe(true);
    expect(forbiddenStep(life('waiting', 'waiting', 'assigned', 'completed'))).toBeUndefined();
    expect(forbiddenStep(life('assigned', 'assigned', 'assigned'))).toBe('assigned -> assigned');
  });

  it('counts how often an incident released it', () => {
    expect(timesReleased(life('queued', 'processing', 'queued', 'processing', 'suppressed'))).toBe(0);
    expect(timesReleased(life('queued', 'processing', 'suppressed', 'queued', 'processing', 'assigned'))).toBe(1);
  });
});
