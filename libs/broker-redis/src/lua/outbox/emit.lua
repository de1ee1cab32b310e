-- Adds an event, unless it is in the outbox already.
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
outbox.expect()
if redis.call('HEXISTS', outbox.bodies, args.id) == 0 then
  local now = clock.now_ms()
  outbox.put(args.id, args.body, now, numbers.whole(now))
end
return {}
