-- The queue: two lanes, the tickets in work, and those that wait for a retry.

local LANES = { 'urgent', 'normal' }
local processing = KEYS[2] .. ':processing'
-- When queued tickets that were in the queue before arrived: the ends of the lists no longer tell.
local requeued = KEYS[2] .. ':requeued'
local wake = KEYS[2] .. ':wake'
-- Entries of a list that lead to no sound record: kept, because they may be mended by hand.
local quarantined = KEYS[2] .. ':quarantined'
-- Urgent tickets taken in a row.
local urgent_streak = KEYS[2] .. ':urgent_streak'

local MOST_WAKE_CALLS = 64

local function lane_list(lane)
  return KEYS[2] .. ':' .. lane
end

local function delayed(lane)
  return KEYS[2] .. ':delayed:' .. lane
end

local function expect_lanes()
  expect('list', lane_list('urgent'), lane_list('normal'), processing, wake, quarantined)
  expect('zset', delayed('urgent'), delayed('normal'), requeued)
  expect_count(urgent_streak)
end

-- Whether these are values of a record that we wrote; what the client sent (`input`) must be there, too, but may be long.
local function are_ours(lane, received, attempts, stalls)
  return (lane == 'urgent' or lane == 'normal') and received and is_count(received) and is_count(attempts) and is_count(stalls)
end

-- Whether the record of a ticket is one that we wrote, in this status.
local function is_sound(id, status)
  if type_of(ticket_key(id)) ~= 'hash' then
    return false
  end
  local fields = redis.call('HMGET', ticket_key(id), 'status', 'lane', 'received_ms', 'attempts', 'stalls')
  return fields[1] == status and are_ours(fields[2], fields[3], fields[4], fields[5])
    and redis.call('HEXISTS', ticket_key(id), 'input') == 1
end

-- Wakes up to so many workers that sleep on the wake list. Calls that nobody hears cost one claim that finds nothing.
local function wake_workers(count)
  local room = MOST_WAKE_CALLS - redis.call('LLEN', wake)
  for _ = 1, math.min(count, room) do
    redis.call('RPUSH', wake, '1')
  end
end

local function note_return(id)
  redis.call('ZADD', requeued, redis.call('HGET', ticket_key(id), 'received_ms'), id)
end

-- Back to the front of its lane.
local function requeue_first(id)
  redis.call('HSET', ticket_key(id), 'status', 'queued')
  redis.call('LPUSH', lane_list(redis.call('HGET', ticket_key(id), 'lane')), id)
  note_return(id)
end

local function end_claim(id)
  redis.call('LREM', processing, 1, id)
  redis.call('DEL', lock_key(id))
end

-- Whether somebody still holds the lock of a ticket with this token.
local function is_held(id, token)
  return redis.call('GET', lock_key(id)) == token
end
