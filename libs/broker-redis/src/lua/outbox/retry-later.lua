-- Makes an event due again after a delay.
-- args   endpoint: whose event it is, '' for one of the outbox itself; attempts: deliveries tried so far
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
local events = outbox.of(args.endpoint)
outbox.expect_of(events)
if redis.call('ZSCORE', events.due, args.id) then
  redis.call('HSET', events.attempts, args.id, args.attempts)
  redis.call('ZADD', events.due, numbers.whole(clock.now_ms() + args.delay_ms), args.id)
end
return {}
