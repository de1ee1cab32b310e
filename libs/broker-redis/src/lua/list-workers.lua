-- The workers that announced themselves lately; those that did not are forgotten.
-- reply  status (JSON), ...
-- uses: domain

local workers, statuses = key('workers'), key('workers:status')
expect('zset', workers)
expect('hash', statuses)
local now = now_ms()
for _, id in ipairs(redis.call('ZRANGEBYSCORE', workers, '-inf', whole(now))) do
  redis.call('ZREM', workers, id)
  redis.call('HDEL', statuses, id)
end
local found = {}
for _, id in ipairs(redis.call('ZRANGE', workers, 0, -1)) do
  found[#found + 1] = redis.call('HGET', statuses, id) or nil
end
return found
