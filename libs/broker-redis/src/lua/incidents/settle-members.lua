-- Settles some members of an incident by its status, the latest arrivals first, because each that is requeued goes to the front of its lane: members of an
-- open incident are linked; suppressed members of a resolved one are completed, or requeued if they are doubtful and not to be completed; members of a
-- rejected one are unlinked, and requeued if they were suppressed. A corrupt member is quarantined until its record is sound. An ended incident expires
-- once all of its members are settled.
-- reply  {'more', or 'all' if nothing is left that can be done now, ids that are suppressed now, that were completed, that are requeued}
-- uses: ticket_status, incident_status, store, clock, numbers, tickets, ticket_index, queue, agents, unfinished, incidents, members

store.allow_writes_when_full()
local id, most, kept_ms = args.id, args.limit, args.retention_ms
queue.expect()
incidents.expect_all()
incidents.expect(id)
unfinished.expect()
agents.expect_lines()
local now = clock.now_ms()
local place = redis.call('HMGET', incidents.key(id), 'status', 'settle_ms', 'settle_id')
local status = place[1]
-- Settling is idempotent: if the position is lost, it starts again.
local settle_ms = place[2] and numbers.is_count(place[2]) and place[2] or '+inf'
local settle_id = place[3] or ''
local aside = incidents.unsettled_members(id)
local suppressed, completed, queued = {}, {}, {}
local fields = status == incident_status.resolved and incidents.fields(id) or {}
local main = incidents.main_categories(fields)

local function is_to_be_released(ticket)
  local mark = incidents.mark_in(redis.call('HGET', incidents.similarities(id), ticket))
  return fields.complete_doubtful ~= '1' and incidents.is_doubtful(mark, redis.call('HGET', incidents.counted(id), ticket), main)
end

local function complete(ticket)
  local name = tickets.key(ticket)
  if not tickets.is_sound(ticket, ticket_status.suppressed) or redis.call('HGET', name, 'incident') ~= id then
    return
  end
  if is_to_be_released(ticket) then
    members.requeue_doubtful(id, ticket)
    queued[#queued + 1] = ticket
    return
  end
  redis.call('HSET', name, 'status', ticket_status.completed, 'resolution', 'incident', 'completed_ms', numbers.whole(now))
  ticket_index.update(ticket)
  unfinished.count(ticket, -1)
  redis.call('PEXPIRE', name, kept_ms)
  completed[#completed + 1] = ticket
end

local function settle(ticket)
  if incidents.holds_members(status) then
    if members.link(id, ticket) then
      suppressed[#suppressed + 1] = ticket
    end
  elseif status == incident_status.resolved then
    complete(ticket)
  elseif status == incident_status.rejected and members.unlink(id, ticket) then
    queued[#queued + 1] = ticket
  end
end

local function settle_or_put_aside(ticket)
  if members.can_leave(ticket) then
    settle(ticket)
    redis.call('ZREM', aside, ticket)
  else
    -- Below the lowest score, so that each of many corrupt members gets its turn.
    local lowest = tonumber(redis.call('ZRANGE', aside, 0, 0, 'WITHSCORES')[2] or '0')
    redis.call('ZADD', aside, numbers.whole(math.min(lowest, 0) - 1), ticket)
  end
end

local before = incidents.members_before(id, settle_ms, settle_id)
local first = math.max(0, before - most)
local due = before > 0 and redis.call('ZRANGE', incidents.members(id), first, before - 1, 'WITHSCORES') or {}
local damaged_before = redis.call('ZREVRANGE', aside, 0, most - 1)
for i = #due - 1, 1, -2 do
  settle_or_put_aside(due[i])
end
for i = 1, math.min(#damaged_before, most - #due / 2) do
  settle_or_put_aside(damaged_before[i])
end
if #due > 0 then
  redis.call('HSET', incidents.key(id), 'settle_ms', due[2], 'settle_id', due[1])
end
queue.wake_workers(#queued)
if first == 0 and redis.call('ZCARD', aside) == 0 then
  redis.call('SREM', incidents.unsettled, id)
  redis.call('HDEL', incidents.key(id), 'settle_ms', 'settle_id')
  if incidents.is_over(status) then
    redis.call('PEXPIRE', incidents.key(id), kept_ms)
    redis.call('ZADD', incidents.ended, 'NX', now + tonumber(kept_ms), id)
  end
end
return { first > 0 and 'more' or 'all', suppressed, completed, queued }
