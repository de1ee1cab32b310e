-- Unlinks one ticket from an incident, for an operator. A suppressed one is requeued.
-- args   entry: of the storm log, JSON
-- reply  {'queued' or 'unlinked'} | {'not_found'} if it is no member | {'only_member'} of an incident that suppresses it | {'not_allowed', status}
-- uses: ticket_status, incident_status, store, clock, tickets, queue, incidents, members, storm_log

store.allow_writes_when_full()
local id, ticket = args.id, args.ticket
queue.expect()
storm_log.expect()
incidents.expect_all()
incidents.expect(id)
store.expect('hash', tickets.key(ticket))
if not members.can_leave(ticket) then
  store.corrupt(tickets.key(ticket), 'is no ticket record')
end
local status = redis.call('HGET', incidents.key(id), 'status')
local is_member = redis.call('ZSCORE', incidents.members(id), ticket)
local fields = redis.call('HMGET', tickets.key(ticket), 'status', 'storm_entry', 'unlinked')
-- A claimed ticket may be a member by the log before its commit has written that; once unlinked it is none.
local may_become_one = fields[1] == ticket_status.processing and fields[2] and fields[3] ~= id
if not status or not (is_member or may_become_one) then
  return { 'not_found' }
end
if not incidents.operator_may('unlink', status) then
  return { 'not_allowed', status }
end
local is_only = is_member and redis.call('ZCARD', incidents.members(id)) == 1
if is_only and status ~= incident_status.suspected then
  return { 'only_member' }
end
storm_log.write(args.entry)
if fields[1] then
  redis.call('HSET', tickets.key(ticket), 'unlinked', id)
end
if is_only then
  incidents.drop_suspected(id, clock.now_ms())
  return { 'unlinked' }
end
members.leave(id, ticket)
local is_queued = members.unlink(id, ticket)
members.ensure_representative(id)
if is_queued then
  queue.wake_workers(1)
end
return { is_queued and ticket_status.queued or 'unlinked' }
