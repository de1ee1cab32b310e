-- An operator takes one ticket out of an incident. A suppressed one is queued again.
-- ARGV   id; ticket; entry of the log (JSON)
-- reply  {'queued' or 'unlinked'} | {'not_found'} if it is no member (any more) | {'only_member'} of an incident that holds it |
--        {'not_allowed', status}
-- uses: domain, reserve, lanes, agents, outbox, iso-time, storm-log, incidents, members

local id, ticket = ARGV[1], ARGV[2]
expect_lanes()
expect_storm_log()
expect_incidents()
expect_incident(id)
expect('hash', ticket_key(ticket))
if not can_be_let_go(ticket) then
  corrupt(ticket_key(ticket), 'is no record of ours')
end
local status = redis.call('HGET', incident_key(id), 'status')
local is_member = redis.call('ZSCORE', members_of(id), ticket)
local fields = redis.call('HMGET', ticket_key(ticket), 'status', 'storm_entry', 'unlinked')
-- One that is in work may be a member already that its commit has not written down yet: the log knows. Once it was taken out it is none.
local may_become_one = fields[1] == 'processing' and fields[2] and fields[3] ~= id
if not status or not (is_member or may_become_one) then
  return { 'not_found' }
end
if status ~= 'suspected' and not holds_members(status) then
  return { 'not_allowed', status }
end
local is_only = is_member and redis.call('ZCARD', members_of(id)) == 1
if is_only and status ~= 'suspected' then
  return { 'only_member' }
end
write_entry(ARGV[3])
if fields[1] then
  redis.call('HSET', ticket_key(ticket), 'unlinked', id)
end
if is_only then
  drop_suspicion(id, now_ms())
  return { 'unlinked' }
end
discount_member(id, ticket)
local is_queued = unlink(id, ticket)
ensure_representative(id)
if is_queued then
  wake_workers(1)
end
return { is_queued and 'queued' or 'unlinked' }
