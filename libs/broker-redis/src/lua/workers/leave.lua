-- Removes a worker from the list.
-- uses: store

store.allow_writes_when_full()
local workers, statuses = store.key('workers'), store.key('workers:status')
store.expect('zset', workers)
store.expect('hash', statuses)
redis.call('ZREM', workers, args.id)
redis.call('HDEL', statuses, args.id)
return {}
