-- Claims one particular ticket if it is queued, also while it is delayed.
-- reply  its fields, or nothing
-- uses: ticket_status, store, clock, numbers, tickets, ticket_index, queue

store.allow_writes_when_full()
queue.expect()
local id = ARGV[argument.id]
store.expect('string', tickets.lock_key(id))
if not tickets.is_sound(id, ticket_status.queued) then
  return {}
end
local lane = redis.call('HGET', tickets.key(id), 'lane')
if redis.call('ZREM', queue.delayed(lane), id) == 0 then
  redis.call('LREM', queue.lane(lane), 1, id)
end
local now = clock.now_ms()
if not redis.call('SET', tickets.lock_key(id), ARGV[argument.token], 'NX', 'PX', ARGV[argument.lease_ms]) then
  -- Another claim still has its lock: the ticket is delayed by one lease.
  redis.call('ZADD', queue.delayed(lane), numbers.whole(now + tonumber(ARGV[argument.lease_ms])), id)
  queue.note_requeued(id)
  return {}
end
redis.call('HSET', tickets.key(id), 'status', ticket_status.processing)
redis.call('HINCRBY', tickets.key(id), 'attempts', 1)
ticket_index.update(id)
redis.call('RPUSH', queue.processing, id)
redis.call('ZREM', queue.requeued, id)
return redis.call('HGETALL', tickets.key(id))
