-- Gives a ticket back after an error: to its lane after a delay, or to the dead letters.
-- ARGV   id; token; code; message; '1' if trying again can help; most attempts; most dead letters;
--        then the delay in ms after the first error, the second, ...
-- reply  {'queued'} | {'dead', ids of dead letters that had to make room} | {'lease_lost'}
-- uses: domain, reserve, lanes, unfinished, dead

local id, token = ARGV[1], ARGV[2]
local DELAYS = 7
expect_lanes()
expect_dead()
expect('string', lock_key(id))
expect('hash', ticket_key(id))
if not is_held(id, token) or not is_sound(id, 'processing') then
  return { 'lease_lost' }
end
local counts = redis.call('HMGET', ticket_key(id), 'attempts', 'stalls', 'lane')
-- Every attempt that did not stall and was not handed back ended in an error.
local failures = tonumber(counts[1] or '1') - tonumber(counts[2] or '0')
local now = now_ms()
if ARGV[5] ~= '1' or failures >= tonumber(ARGV[6]) then
  local lost = bury(id, ARGV[3], ARGV[4], now, tonumber(ARGV[7]))
  end_claim(id)
  return { 'dead', lost }
end
local delay = tonumber(ARGV[DELAYS + math.min(math.max(failures, 1), #ARGV - DELAYS)])
redis.call('HSET', ticket_key(id), 'status', 'queued')
redis.call('ZADD', delayed(counts[3]), now + delay, id)
note_return(id)
end_claim(id)
return { 'queued' }
