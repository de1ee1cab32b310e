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

local left = { urgent = redis.call('LLEN', lane_list('urgent')), normal = redis.call('LLEN', lane_list('normal')) }
local any_returned = redis.call('ZCARD', returned) > 0

-- The fields of a queued ticket, and where its status and attempts stand; nil if they are not ones that we wrote.
-- Here and below: `is_sound` and `hand_over` with one read and one write of the record.
local function queued_fields(id)
  if type_of(ticket_key(id)) ~= 'hash' then
    return nil
  end
  local flat, at = redis.call('HGETALL', ticket_key(id)), {}
  for i = 1, #flat, 2 do
    at[flat[i]] = i + 1
  end
  local lane, received = at.lane and flat[at.lane], at.received_ms and flat[at.received_ms]
  if not at.status or flat[at.status] ~= 'queued' or (lane ~= 'urgent' and lane ~= 'normal') or not received or not is_count(received)
    or not at.input or not is_count(at.attempts and flat[at.attempts]) or not is_count(at.stalls and flat[at.stalls]) then
    return nil
  end
  return flat, at
end

while taken < limit and strays < MOST_STRAYS do
  local lane = left.urgent > 0 and 'urgent' or 'normal'
  if left.normal > 0 and in_a_row >= URGENT_IN_A_ROW then
    lane = 'normal'
  end
  if left[lane] <= 0 then
    break
  end
  local id = redis.call('LPOP', lane_list(lane))
  left[lane] = left[lane] - 1
  local kind = type_of(lock_key(id))
  local flat, at = queued_fields(id)
  if flat and (kind == 'none' or kind == 'string') then
    local token = token_start .. (taken + 1)
    if redis.call('SET', lock_key(id), token, 'NX', 'PX', lease_ms) then
      local attempts = whole(count_of(at.attempts and flat[at.attempts]) + 1)
      redis.call('HSET', ticket_key(id), 'status', 'processing', 'attempts', attempts)
      redis.call('RPUSH', processing, id)
      if any_returned then
        redis.call('ZREM', returned, id)
      end
      flat[at.status] = 'processing'
      if at.attempts then
        flat[at.attempts] = attempts
      else
        table.insert(flat, 'attempts')
        table.insert(flat, attempts)
      end
      taken = taken + 1
      in_a_row = lane == 'urgent' and in_a_row + 1 or 0
      replies[#replies + 1] = { id, token, flat }
    else
      redis.call('ZADD', resting(lane), whole(now + tonumber(lease_ms)), id)
      note_return(id)
    end
  else
    redis.call('RPUSH', stray, id)
    strays = strays + 1
  end
end

-- Whoever is called now would find nothing.
if left.urgent <= 0 and left.normal <= 0 then
  redis.call('DEL', wake)
end
-- An idle worker asks once a second: that is no reason to write.
if taken > 0 then
  redis.call('SET', turn, in_a_row)
end
return replies
