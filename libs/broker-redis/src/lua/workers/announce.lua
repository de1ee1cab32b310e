-- Adds a worker to the list, or keeps it there.
-- args   status: JSON; ttl_ms: how long it stays without another announcement
-- uses: store, clock, numbers

store.allow_writes_when_full()
local workers, statuses = store.key('workers'), store.key('workers:status')
store.expect('zset', workers)
store.expect('hash', statuses)
redis.call('ZADD', workers, numbers.whole(clock.now_ms() + args.ttl_ms), args.id)
redis.call('HSET', statuses, args.id, args.status)
return {}
