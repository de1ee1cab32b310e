-- Makes an event due again after a delay.
-- args   attempts: deliveries tried so far
-- uses: store, clock, numbers, outbox

store.allow_writes_when_full()
outbox.expect()
if redis.call('ZSCORE', outbox.due, args.id) then
  redis.call('HSET', outbox.attempts, args.id, args.attempts)
  redis.call('ZADD', outbox.due, numbers.whole(clock.now_ms() + args.delay_ms), args.id)
end
return {}
