import { keysOf } from './keys';

describe('the names of a routing domain', () => {
  it('all begin with one hash tag, so that they are in one slot of a cluster', () => {
    expect(keysOf({ prefix: 'tenant-1', queueKey: 'tickets' })).toEqual({
      domain: '{tenant-1}:',
      queue: '{tenant-1}:tickets',
      wake: '{tenant-1}:tickets:wake',
      probe: '{tenant-1}:probe',
      leader: '{tenant-1}:leader',
    });
  });

  it.each([
    'ticket',
    'index:0',
    'lock',
    'idempotency',
    'duplicate',
    'agent',
    'waiting:Billing',
    'outbox:bodies',
    'rate',
    'workers',
    'storm',
    'incident',
    'incidents',
  ])('are refused for a queue called "%s": a ticket id could name one of its lists', (queueKey) => {
    expect(() => keysOf({ prefix: 'a', queueKey })).toThrow('REDIS_QUEUE_KEY');
  });

  it('differ from those of any other domain and queue', () => {
    const names = [
      keysOf({ prefix: 'a', queueKey: 'x' }),
      keysOf({ prefix: 'a', queueKey: 'y' }),
      keysOf({ prefix: 'b', queueKey: 'x' }),
    ].map(({ wake }) => wake);
    expect(new Set(names).size).toBe(3);
  });
});
