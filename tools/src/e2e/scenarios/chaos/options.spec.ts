import { readOptions } from './options';

describe('the arguments of the chaos tool', () => {
  it('default to the full run', () => {
    expect(readOptions([])).toMatchObject({
      act: 'faults',
      tickets: 20_000,
      storms: 10,
      workers: 4,
      kills: 40,
      stops: 5,
      redisRestarts: 3,
      gatewayKills: 2,
      seed: 1,
      leaseMs: 2000,
      report: undefined,
    });
  });

  it('are taken from the command line', () => {
    const args = ['--act=modes', '--tickets=60', '--redis-restarts=0', '--seed=7', '--report=somewhere'];
    expect(readOptions(args)).toMatchObject({
      act: 'modes',
      tickets: 60,
      storms: 0,
      redisRestarts: 0,
      seed: 7,
      report: 'somewhere',
    });
  });

  it('that are wrong are named all at once', () => {
    expect(() => readOptions(['--tickets=0', '--workers=many', '--kills=', '--act=other'])).toThrow(
      /^--act must .*\n--tickets must .*\n--workers must .*\n--kills must [^\n]*$/,
    );
  });

  it('that are unknown are refused', () => {
    expect(() => readOptions(['--ticket=3'])).toThrow(/--ticket/);
  });

  it('put other topologies through failovers, and not through what only one Redis knows', () => {
    expect(readOptions(['--topology=sentinel', '--failovers=10', '--wait-replicas=1'])).toMatchObject({
      ...{ topology: 'sentinel', failovers: 10, waitReplicas: 1 },
      ...{ redisRestarts: 0, cuts: 0, kills: 40, gatewayKills: 2 },
    });
    expect(readOptions(['--topology=cluster', '--reshards=3'])).toMatchObject({ topology: 'cluster', reshards: 3 });
    expect(() => readOptions(['--topology=star'])).toThrow('--topology must be one of single, sentinel, cluster');
    expect(() => readOptions(['--failovers=1'])).toThrow('--failovers needs --topology=sentinel or --topology=cluster');
    expect(() => readOptions(['--topology=sentinel', '--reshards=1', '--cuts=1', '--act=modes'])).toThrow(
      /--act=modes needs .*\n--cuts needs .*\n--reshards needs /,
    );
  });
});
