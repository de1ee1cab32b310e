-- Does with some members of an incident what its status asks for, the latest arrivals first, because each that is queued again goes to the very
-- front: those of a confirmed one are linked, those of a resolved one are completed if they were suppressed, or released if they are doubtful and
-- not to be completed with the others; those of a rejected one are marked no more, and queued again if they were suppressed.
-- One whose record is corrupt is put aside, after all others, until it is mended. What has ended and is settled is kept for its time.
-- ARGV   id; most members; for how long completed tickets and ended incidents are kept, in ms
-- reply  {'more', or 'all' if there is nothing more that could be done now, ids that are suppressed now, that were completed, that are queued again}
-- uses: domain, reserve, lanes, agents, unfinished, outbox, iso-time, incidents, members

local id, most, kept_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
expect_lanes()
expect_incidents()
expect_incident(id)
expect_unfinished()
expect('zset', line('Billing'), line('Technical'), line('Legal'))
local now = now_ms()
local place = redis.call('HMGET', incident_key(id), 'status', 'settle_ms', 'settle_id')
local status = place[1]
-- Nothing is done twice: where the place is lost, it begins anew.
local settle_ms = place[2] and is_count(place[2]) and place[2] or '+inf'
local settle_id = place[3] or ''
local aside = unsettled_of(id)
local suppressed, completed, queued = {}, {}, {}
local fields = status == 'resolved' and fields_of(id) or {}
local main = main_categories(fields)

local function is_to_be_released(ticket)
  local mark = mark_in(redis.call('HGET', likeness_of(id), ticket))
  return fields.complete_doubtful ~= '1' and is_doubtful(mark, redis.call('HGET', counted_in(id), ticket), main)
end

local function complete(ticket)
  local name = ticket_key(ticket)
  if not is_sound(ticket, 'suppressed') or redis.call('HGET', name, 'incident') ~= id then
    return
  end
  if is_to_be_released(ticket) then
    release(id, ticket)
    queued[#queued + 1] = ticket
    return
  end
  redis.call('HSET', name, 'status', 'completed', 'resolution', 'incident', 'completed_ms', whole(now))
  count_unfinished(ticket, -1)
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

local function settle_or_put_aside(ticket)
  if can_be_let_go(ticket) then
    settle(ticket)
    redis.call('ZREM', aside, ticket)
  else
    -- Below the lowest, so that each of many that are corrupt gets its turn.
    local lowest = tonumber(redis.call('ZRANGE', aside, 0, 0, 'WITHSCORES')[2] or '0')
    redis.call('ZADD', aside, whole(math.min(lowest, 0) - 1), ticket)
  end
end

local before = members_before(id, settle_ms, settle_id)
local first = math.max(0, before - most)
local due = before > 0 and redis.call('ZRANGE', members_of(id), first, before - 1, 'WITHSCORES') or {}
local damaged_before = redis.call('ZREVRANGE', aside, 0, most - 1)
for i = #due - 1, 1, -2 do
  settle_or_put_aside(due[i])
end
for i = 1, math.min(#damaged_before, most - #due / 2) do
  settle_or_put_aside(damaged_before[i])
end
if #due > 0 then
  redis.call('HSET', incident_key(id), 'settle_ms', due[2], 'settle_id', due[1])
end
wake_workers(#queued)
if first == 0 and redis.call('ZCARD', aside) == 0 then
  redis.call('SREM', unsettled, id)
  redis.call('HDEL', incident_key(id), 'settle_ms', 'settle_id')
  if is_over(status) then
    redis.call('PEXPIRE', incident_key(id), kept_ms)
    redis.call('ZADD', ended, 'NX', now + tonumber(kept_ms), id)
  end
end
return { first > 0 and 'more' or 'all', suppressed, completed, queued }
