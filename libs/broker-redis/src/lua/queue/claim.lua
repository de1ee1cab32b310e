-- Claims tickets: urgent before normal, but after a number of urgent ones in a row a queued normal one goes first.
-- arguments  limit; lease_ms; token_start: tokens are this prefix and a number, from 1; roster_version: the one that the caller knows
-- reply      {view of the agents, then for each ticket: id, received_ms, lane, input, attempts, source or ''}; entries without a sound
--            record are quarantined
-- uses: contract, lane_name, ticket_status, store, clock, numbers, tickets, ticket_index, queue, agents

store.allow_writes_when_full()
local MOST_QUARANTINED = 1000
local MOST_PROMOTED = 100

local limit, lease_ms, token_start = tonumber(ARGV[argument.limit]), ARGV[argument.lease_ms], ARGV[argument.token_start]
local now = clock.now_ms()

-- Every key that this command may write to is read or checked first.
local due, left = {}, {}
for _, lane in ipairs(contract.LANES) do
  due[lane] = store.read('ZRANGEBYSCORE', queue.delayed(lane), '-inf', numbers.whole(now), 'LIMIT', 0, MOST_PROMOTED)
  left[lane] = store.read('LLEN', queue.lane(lane))
end
local any_requeued = store.read('ZCARD', queue.requeued) > 0
local in_a_row = store.read('GET', queue.urgent_streak) or '0'
if not numbers.is_count(in_a_row) then
  store.corrupt(queue.urgent_streak, 'is no whole number')
end
in_a_row = tonumber(in_a_row)
local replies = { agents.view(ARGV[argument.roster_version]) }
store.expect('list', queue.processing, queue.wake, queue.quarantined)

-- Tickets whose retry is due go to the front, the earliest first.
for lane, ids in pairs(due) do
  for i = #ids, 1, -1 do
    redis.call('LPUSH', queue.lane(lane), ids[i])
    redis.call('ZREM', queue.delayed(lane), ids[i])
  end
  left[lane] = left[lane] + #ids
end

local quarantined_ids, taken = {}, {}

-- The next lane to claim from, and how many of it may be claimed in a row; nil if both are empty.
local function next_lane()
  if left.urgent > 0 and (left.normal <= 0 or in_a_row < contract.MAX_URGENT_IN_A_ROW) then
    return lane_name.urgent, left.normal > 0 and contract.MAX_URGENT_IN_A_ROW - in_a_row or left.urgent
  end
  if left.normal > 0 then
    return lane_name.normal, left.urgent > 0 and 1 or left.normal
  end
end

-- Removes one ticket from a lane; returns whether it can be claimed now.
-- As claim-by-id, but with one read and one write of the record: this runs for every ticket.
local function take(id, lane)
  local ticket = tickets.key(id)
  local found = redis.pcall('HMGET', ticket, 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'input', 'source', 'number')
  local received, attempts = found[3], found[4]
  if found[1] ~= ticket_status.queued or not tickets.are_sound_values(found[2], received, attempts, found[5]) or not found[6] then
    quarantined_ids[#quarantined_ids + 1] = id
    return false
  end
  if not redis.call('SET', tickets.lock_key(id), token_start .. (#taken + 1), 'NX', 'PX', lease_ms) then
    if store.type_of(tickets.lock_key(id)) == 'string' then
      -- Another claim still has its lock: the ticket is delayed by one lease.
      redis.call('ZADD', queue.delayed(lane), numbers.whole(now + tonumber(lease_ms)), id)
      queue.note_requeued(id)
    else
      quarantined_ids[#quarantined_ids + 1] = id
    end
    return false
  end
  attempts = numbers.whole(numbers.count_of(attempts) + 1)
  redis.call('HSET', ticket, 'status', ticket_status.processing, 'attempts', attempts)
  if not found[4] then
    -- Claimed for the first time, so it is undecided.
    ticket_index.note_state(found[8], ticket_status.processing, nil, nil, found[2])
  else
    ticket_index.update(id)
  end
  taken[#taken + 1] = id
  for _, part in ipairs({ id, received, found[2], found[6], attempts, found[7] or '' }) do
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
  for _, id in ipairs(redis.call('LPOP', queue.lane(lane), count)) do
    if take(id, lane) then
      in_a_row = lane == lane_name.urgent and in_a_row + 1 or 0
    end
  end
  left[lane] = left[lane] - count
end

store.call_in_parts('RPUSH', queue.quarantined, quarantined_ids)
-- A worker that is woken now would find no ticket.
if left.urgent <= 0 and left.normal <= 0 then
  redis.call('DEL', queue.wake)
end
-- An idle worker asks once a second: that should not cause a write.
if #taken > 0 then
  ticket_index.flush()
  store.call_in_parts('RPUSH', queue.processing, taken)
  if any_requeued then
    store.call_in_parts('ZREM', queue.requeued, taken)
  end
  redis.call('SET', queue.urgent_streak, in_a_row)
end
return replies
