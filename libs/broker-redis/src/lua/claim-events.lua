-- Takes events that are due, oldest first; nobody else gets them before the lease is over.
-- ARGV   most events; lease in ms
-- reply  {id, body, attempts, created_ms}, ...
-- uses: domain, reserve, outbox

expect_outbox()
local now = now_ms()
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', outbox, '-inf', whole(now), 'LIMIT', 0, tonumber(ARGV[1]))) do
  local body = redis.call('HGET', outbox_bodies, id)
  if body then
    redis.call('ZADD', outbox, whole(now + tonumber(ARGV[2])), id)
    local created = count_of(redis.call('HGET', outbox_created, id))
    taken[#taken + 1] = {
      id, body, whole(count_of(redis.call('HGET', outbox_attempts, id))), whole(created > 0 and created or now),
    }
  else
    redis.call('ZREM', outbox, id)
  end
end
return taken
