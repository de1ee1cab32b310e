-- Does with some members of an incident what its status asks for, the latest arrivals first, because each that is queued again goes to the very
-- front: those of a confirmed one are linked, those of a resolved one are completed if they were suppressed, those of a rejected one are marked
-- no more, and queued again if they were suppressed.
-- One whose record is damaged is put aside, after all others, until it is mended.
-- ARGV   id; most members; for how long completed tickets and ended incidents are kept, in ms
-- reply  {'more', or 'all' if there is nothing more that could be done now, ids that are suppressed now, that were completed, that are queued again}
-- uses: domain, reserve, lanes, agents, dead, outbox, iso-time, incidents, members

local id, most, kept_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
expect_lanes()
expect_incidents()
expect_incident(id)
expect_count(unfinished)
expect('zset', line('Billing'), line('Technical'), line('Legal'))
local now = now_ms()
local status = redis.call('HGET', incident_key(id), 'status')
local left = unsettled_of(id)
local suppressed, completed, queued = {}, {}, {}

local function complete(ticket)
  local name = ticket_key(ticket)
  if not is_sound(ticket, 'suppressed') or redis.call('HGET', name, 'incident') ~= id then
    return
  end
  redis.call('HSET', name, 'status', 'completed', 'resolution', 'incident', 'completed_ms', whole(now))
  redis.call('DECR', unfinished)
  redis.call('PEXPIRE', name, kept_ms)
  completed[#completed + 1] = ticket
end

local function settle(ticket)
  if holds_members(status) then
    if link(id, ticket) then
      suppressed[#suppressed + 1] = ticket
    end
  elseif status == 'resolved' then
    complete(ticket)
  elseif status == 'rejected' and unlink(id, ticket) then
    queued[#queued + 1] = ticket
  end
end

for _, ticket in ipairs(redis.call('ZREVRANGE', left, 0, most - 1)) do
  if can_be_let_go(ticket) then
    settle(ticket)
    redis.call('ZREM', left, ticket)
  else
    -- Below the lowest, so that each of many that are damaged gets its turn.
    local lowest = tonumber(redis.call('ZRANGE', left, 0, 0, 'WITHSCORES')[2])
    redis.call('ZADD', left, whole(math.min(lowest, 0) - 1), ticket)
  end
end
wake_workers(#queued)
if redis.call('ZCARD', left) == 0 then
  redis.call('SREM', unsettled, id)
  if is_over(status) then
    for _, name in ipairs(books_of(id)) do
      redis.call('PEXPIRE', name, kept_ms)
    end
  end
end
local more = redis.call('ZCOUNT', left, 0, '+inf') > 0
return { more and 'more' or 'all', suppressed, completed, queued }
