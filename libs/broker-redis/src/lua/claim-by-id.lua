-- Takes one particular ticket into work if it is queued, also while it rests before a retry.
-- ARGV   id; lease in ms; token
-- reply  fields, or nothing
-- uses: domain, reserve, lanes

expect_lanes()
local id = ARGV[1]
expect('string', lock_key(id))
if not is_sound(id, 'queued') then
  return {}
end
local lane = redis.call('HGET', ticket_key(id), 'lane')
if redis.call('ZREM', delayed(lane), id) == 0 then
  redis.call('LREM', lane_list(lane), 1, id)
end
local now = now_ms()
if not redis.call('SET', lock_key(id), ARGV[3], 'NX', 'PX', ARGV[2]) then
  -- Somebody else still holds it: it rests for one lease.
  redis.call('ZADD', delayed(lane), whole(now + tonumber(ARGV[2])), id)
  note_return(id)
  return {}
end
redis.call('HSET', ticket_key(id), 'status', 'processing')
redis.call('HINCRBY', ticket_key(id), 'attempts', 1)
redis.call('RPUSH', processing, id)
redis.call('ZREM', requeued, id)
return redis.call('HGETALL', ticket_key(id))
