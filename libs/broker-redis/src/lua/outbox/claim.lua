-- Claims events that are due, oldest first, for the length of the lease.
-- reply  {id, body, attempts, created_ms}, ...
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
outbox.expect()
local now = clock.now_ms()
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', outbox.due, '-inf', numbers.whole(now), 'LIMIT', 0, args.limit)) do
  local body = redis.call('HGET', outbox.bodies, id)
  if body then
    redis.call('ZADD', outbox.due, numbers.whole(now + args.lease_ms), id)
    local created = numbers.count_of(redis.call('HGET', outbox.created, id))
    taken[#taken + 1] = {
      id, body, numbers.whole(numbers.count_of(redis.call('HGET', outbox.attempts, id))), numbers.whole(created > 0 and created or now),
    }
  else
    redis.call('ZREM', outbox.due, id)
  end
end
return taken
