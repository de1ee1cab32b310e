-- Claims events that are due, oldest first, for the length of the lease.
-- args   endpoint: whose events, '' for those of the outbox itself
-- reply  {id, body, attempts, created_ms}, ...
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
local events = outbox.of(args.endpoint)
outbox.expect_of(events)
local now = clock.now_ms()
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', events.due, '-inf', numbers.whole(now), 'LIMIT', 0, args.limit)) do
  local body = redis.call('HGET', events.bodies, id)
  if body then
    redis.call('ZADD', events.due, numbers.whole(now + args.lease_ms), id)
    local created = numbers.count_of(redis.call('HGET', events.created, id))
    taken[#taken + 1] = {
      id, body, numbers.whole(numbers.count_of(redis.call('HGET', events.attempts, id))), numbers.whole(created > 0 and created or now),
    }
  else
    redis.call('ZREM', events.due, id)
  end
end
return taken
