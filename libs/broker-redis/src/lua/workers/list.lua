-- The workers on the list. Drops those that have expired.
-- reply  status (JSON), ...
-- uses: store, clock, numbers
local workers, statuses = store.key('workers'), store.key('workers:status')
store.expect('zset', workers)
store.expect('hash', statuses)
local now = clock.now_ms()
for _, id in ipairs(redis.call('ZRANGEBYSCORE', workers, '-inf', numbers.whole(now))) do
  redis.call('ZREM', workers, id)
  redis.call('HDEL', statuses, id)
end
local found = {}
for _, id in ipairs(redis.call('ZRANGE', workers, 0, -1)) do
  found[#found + 1] = redis.call('HGET', statuses, id) or nil
end
return found
