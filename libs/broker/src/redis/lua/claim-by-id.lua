-- Takes one particular ticket into work if it is queued, also while it rests before a retry.
-- ARGV   id; lease in ms; token
-- reply  fields, or nothing
-- uses: domain, lanes

expect_lanes()
local id = ARGV[1]
expect('string', lock_key(id))
if not is_sound(id, 'queued') then
  return {}
end
local lane = redis.call('HGET', ticket_key(id), 'lane')
if redis.call('ZREM', resting(lane), id) == 0 then
  redis.call('LREM', lane_list(lane), 1, id)
end
return hand_over(id, ARGV[3], ARGV[2], now_ms()) or {}
