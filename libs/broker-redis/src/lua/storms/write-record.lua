-- Writes the state of one incident by the storm log into its record. Merges, and never overwrites a later state.
-- args   opened_ms, closed_ms, previous, representative: '' for none; is_known: whether another broker has notified subscribers of it; is_held: whether it is
--        held because too few requesters are vouched for; left: tickets; joined: {ticket, similarity, mark} for each
-- reply  ids of the tickets that it suppresses
-- uses: incident_status, store, clock, numbers, agents, outbox, incidents, members

store.allow_writes_when_full()
local id, epoch, status = args.id, args.epoch, args.status
incidents.expect_all()
incidents.expect(id)
outbox.expect()
agents.expect_lines()
local now = clock.now_ms()
local name = incidents.key(id)
local known = redis.call('HMGET', name, 'epoch', 'status', 'notified_members')
local is_new, known_status = not known[1], known[2]

if status == 'gone' then
  if known_status == incident_status.suspected then
    incidents.drop_suspected(id, now)
  elseif is_new then
    incidents.remember_gone(id, now)
  elseif known_status == incident_status.open and tonumber(known[1]) <= epoch then
    -- Confirmed after it had ended for the log, where the confirmation has no effect: it must not suppress its tickets.
    incidents.set_status(id, incident_status.rejected, numbers.whole(epoch + 1))
    redis.call('HSET', name, 'closed_ms', numbers.whole(now))
    incidents.settle_later(id)
  end
  return {}
end
if is_new and (incidents.is_gone(id) or (status ~= incident_status.open and status ~= incident_status.suspected)) then
  -- Its retention time is over.
  return {}
end
-- An operator may have ended it in the record before the log shows it.
local is_later = is_new or (epoch > tonumber(known[1]) and (incidents.is_over(status) or not incidents.is_over(known_status)))
if is_new then
  redis.call('ZADD', incidents.all, redis.call('INCR', incidents.last_number), id)
  redis.call('HSET', name, 'title', args.title, 'previous', args.previous)
end
if is_later then
  incidents.set_status(id, status, epoch)
  redis.call('HSET', name, 'closed_ms', args.closed_ms)
  if args.opened_ms ~= '' then
    redis.call('HSET', name, 'opened_ms', args.opened_ms)
  end
  known_status = status
end
if args.is_degraded then
  redis.call('HSET', name, 'degraded', '1')
end
redis.call('HSET', name, 'quiet_ms', args.quiet_ms)
if args.is_held then
  redis.call('HSET', name, 'held', '1')
end
if args.last_member_ms > tonumber(redis.call('HGET', name, 'last_member_ms') or '0') then
  redis.call('HSET', name, 'last_member_ms', args.last_member_ms)
end

for _, ticket in ipairs(args.left) do
  members.leave(id, ticket)
end
for _, joined in ipairs(args.joined) do
  local ticket, similarity, mark = unpack(joined)
  members.join(id, ticket, similarity, mark, args.last_member_ms)
  if known_status == incident_status.suspected then
    members.count_at_commit(id, ticket)
  end
end
-- A caller that is behind may name a ticket that has left since.
if redis.call('ZSCORE', incidents.members(id), args.representative) and (is_new or epoch >= tonumber(known[1])) then
  members.set_representative(id, args.representative)
else
  members.ensure_representative(id)
end
local suppressed = {}
if incidents.holds_members(known_status) then
  for _, joined in ipairs(args.joined) do
    if members.link(id, joined[1]) then
      suppressed[#suppressed + 1] = joined[1]
    end
  end
end
if is_later and incidents.is_over(status) then
  incidents.settle_later(id)
end
if is_new and args.is_known then
  redis.call('HSET', name, 'notified_members', redis.call('ZCARD', incidents.members(id)))
elseif is_new then
  local kind = status == incident_status.open and 'incident.opened' or 'incident.suspected'
  incidents.emit(kind, kind .. ':' .. id, id, now)
end
return suppressed
