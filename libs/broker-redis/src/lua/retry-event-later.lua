-- Makes an event due again later.
-- ARGV   id; tries so far; delay in ms
-- uses: domain, reserve, outbox

expect_outbox()
if redis.call('ZSCORE', outbox, ARGV[1]) then
  redis.call('HSET', outbox_attempts, ARGV[1], ARGV[2])
  redis.call('ZADD', outbox, whole(now_ms() + tonumber(ARGV[3])), ARGV[1])
end
return {}
