import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RedisServer, startRedisServer } from '@smart-support/testing';
import * as fc from 'fast-check';

const CLOCK = readFileSync(join(__dirname, 'lua/shared/clock.lua'), 'utf8');
const SCRIPT = `local clock = {}
${CLOCK}
local found = {}
for i = 1, #ARGV do found[i] = clock.iso(tonumber(ARGV[i])) end
return found`;

const LAST_OF_9999 = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

describe('a time that Lua writes', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.stop());

  it('is equal to that of JavaScript, for any time', async () => {
    const edges = [
      0,
      1,
      999,
      1000,
      951_782_399_999,
      951_782_400_000,
      951_868_799_999,
      4_107_542_399_999,
      4_107_542_400_000,
      LAST_OF_9999,
    ];
    const newYears = Array.from({ length: 400 }, (_, year) => Date.UTC(1970 + year, 0, 1)).flatMap((ms) =>
      [ms, ms + 1].concat(ms > 0 ? [ms - 1] : []),
    );
    const moments = [...edges, ...newYears, ...fc.sample(fc.integer({ min: 0, max: LAST_OF_9999 }), 2000)];
    const written = await server.command('EVAL', SCRIPT, 0, ...moments);
    expect(written).toEqual(moments.map((ms) => new Date(ms).toISOString()));
  });
});
