-- Takes tickets into work: urgent before normal, but after seven urgent ones in a row a waiting normal one goes first.
-- ARGV   most tickets; lease in ms; beginning of the tokens (a number follows); version of the roster that the caller knows
-- reply  {view of the agents, then for each ticket: id, received_ms, lane, lane_urgency, input, attempts, source or ''}, the first with the token
--        that ends in 1; entries that lead to no sound record are put aside
-- uses: domain, reserve, lanes, agents

local URGENT_IN_A_ROW = 7
local MOST_QUARANTINED = 1000
local MOST_PROMOTED = 100

local limit, lease_ms, token_start = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local now = now_ms()

-- Everything that this command may write to is read or checked first.
local due, left = {}, {}
for _, lane in ipairs(LANES) do
  due[lane] = read('ZRANGEBYSCORE', delayed(lane), '-inf', whole(now), 'LIMIT', 0, MOST_PROMOTED)
  left[lane] = read('LLEN', lane_list(lane))
end
local any_requeued = read('ZCARD', requeued) > 0
local in_a_row = read('GET', urgent_streak) or '0'
if not is_count(in_a_row) then
  corrupt(urgent_streak, 'holds no whole number')
end
in_a_row = tonumber(in_a_row)
local replies = { view(ARGV[4]) }
expect('list', processing, wake, quarantined)

-- Tickets whose retry is due go to the front, the earliest first.
for lane, ids in pairs(due) do
  for i = #ids, 1, -1 do
    redis.call('LPUSH', lane_list(lane), ids[i])
    redis.call('ZREM', delayed(lane), ids[i])
  end
  left[lane] = left[lane] + #ids
end

local quarantined_ids, taken = {}, {}

-- The next lane to take from, and how many of it may be taken in a row; nil if both are empty.
local function next_lane()
  if left.urgent > 0 and (left.normal <= 0 or in_a_row < URGENT_IN_A_ROW) then
    return 'urgent', left.normal > 0 and URGENT_IN_A_ROW - in_a_row or left.urgent
  end
  if left.normal > 0 then
    return 'normal', left.urgent > 0 and 1 or left.normal
  end
end

-- Takes one ticket out of a lane; whether it is one that can be worked on now.
-- As claim-by-id does it, but with one read and one write of the record: this runs for every ticket.
local function take(id, lane)
  local ticket = ticket_key(id)
  local found = redis.pcall('HMGET', ticket, 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'lane_urgency', 'input',
    'source')
  local received, attempts = found[3], found[4]
  if found[1] ~= 'queued' or not are_ours(found[2], received, attempts, found[5]) or not found[7] then
    quarantined_ids[#quarantined_ids + 1] = id
    return false
  end
  if not redis.call('SET', lock_key(id), token_start .. (#taken + 1), 'NX', 'PX', lease_ms) then
    if type_of(lock_key(id)) == 'string' then
      -- Somebody else still holds it: it rests for one lease.
      redis.call('ZADD', delayed(lane), whole(now + tonumber(lease_ms)), id)
      note_return(id)
    else
      quarantined_ids[#quarantined_ids + 1] = id
    end
    return false
  end
  attempts = whole(count_of(attempts) + 1)
  redis.call('HSET', ticket, 'status', 'processing', 'attempts', attempts)
  taken[#taken + 1] = id
  for _, part in ipairs({ id, received, found[2], found[6] or '', found[7], attempts, found[8] or '' }) do
    replies[#replies + 1] = part
  end
  return true
end

while #taken < limit and #quarantined_ids < MOST_QUARANTINED do
  local lane, in_a_row_at_most = next_lane()
  if not lane then
    break
  end
  local count = math.min(in_a_row_at_most, limit - #taken, left[lane])
  for _, id in ipairs(redis.call('LPOP', lane_list(lane), count)) do
    if take(id, lane) then
      in_a_row = lane == 'urgent' and in_a_row + 1 or 0
    end
  end
  left[lane] = left[lane] - count
end

in_parts('RPUSH', quarantined, quarantined_ids)
-- Whoever is called now would find nothing.
if left.urgent <= 0 and left.normal <= 0 then
  redis.call('DEL', wake)
end
-- An idle worker asks once a second: that is no reason to write.
if #taken > 0 then
  in_parts('RPUSH', processing, taken)
  if any_requeued then
    in_parts('ZREM', requeued, taken)
  end
  redis.call('SET', urgent_streak, in_a_row)
end
return replies
