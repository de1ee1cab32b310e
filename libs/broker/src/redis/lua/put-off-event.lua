-- Counts a try and makes an event due again later.
-- ARGV   id; delay in ms
-- uses: domain, outbox

expect_outbox()
if redis.call('ZSCORE', outbox, ARGV[1]) then
  redis.call('HINCRBY', outbox_attempts, ARGV[1], 1)
  redis.call('ZADD', outbox, whole(now_ms() + tonumber(ARGV[2])), ARGV[1])
end
return {}
