-- Gives an event of the outbox to endpoints, due at once. An event that was given before is not given again.
-- args   endpoints: their ids
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
outbox.expect()
local targets = {}
for i, endpoint in ipairs(args.endpoints) do
  targets[i] = outbox.of(endpoint)
  outbox.expect_of(targets[i])
end
local body = redis.call('HGET', outbox.bodies, args.id)
if body then
  local now = numbers.whole(clock.now_ms())
  local created = redis.call('HGET', outbox.created, args.id) or now
  for _, events in ipairs(targets) do
    if redis.call('ZADD', events.due, 'NX', now, args.id) == 1 then
      redis.call('HSET', events.bodies, args.id, body)
      redis.call('HSET', events.created, args.id, created)
    end
  end
end
outbox.drop(outbox.of(''), args.id)
return {}
