-- Takes tickets into work: urgent before normal, but after seven urgent ones in a row a waiting normal one goes first.
-- ARGV   most tickets; lease in ms; beginning of the tokens (a number follows); version of the roster that the caller knows
-- reply  {view of the agents, {id, token, fields}, ...}; entries that lead to no sound record are put aside
-- uses: domain, lanes, agents

local URGENT_IN_A_ROW = 7
local MOST_STRAYS = 1000
local MOST_PROMOTED = 100

expect_lanes()
expect_agents()

local limit, lease_ms, token_start = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local now = now_ms()

-- Tickets whose retry is due go to the front, the earliest first.
for _, lane in ipairs(LANES) do
  local due = redis.call('ZRANGEBYSCORE', resting(lane), '-inf', whole(now), 'LIMIT', 0, MOST_PROMOTED)
  for i = #due, 1, -1 do
    redis.call('LPUSH', lane_list(lane), due[i])
    redis.call('ZREM', resting(lane), due[i])
  end
end

local in_a_row = number_at(turn)
local replies = { view(ARGV[4]) }
local strays = 0
local taken = 0

while taken < limit and strays < MOST_STRAYS do
  local urgent = redis.call('LINDEX', lane_list('urgent'), 0)
  local normal = redis.call('LINDEX', lane_list('normal'), 0)
  local lane = urgent and 'urgent' or 'normal'
  if normal and in_a_row >= URGENT_IN_A_ROW then
    lane = 'normal'
  end
  local id = lane == 'urgent' and urgent or normal
  if not id then
    break
  end
  redis.call('LPOP', lane_list(lane))
  if is_sound(id, 'queued') and (type_of(lock_key(id)) == 'none' or type_of(lock_key(id)) == 'string') then
    local token = token_start .. (taken + 1)
    local fields = hand_over(id, token, lease_ms, now)
    if fields then
      taken = taken + 1
      in_a_row = lane == 'urgent' and in_a_row + 1 or 0
      replies[#replies + 1] = { id, token, fields }
    end
  else
    redis.call('RPUSH', stray, id)
    strays = strays + 1
  end
end

redis.call('SET', turn, in_a_row)
return replies
