-- An operator confirms, resolves or rejects an incident. Its members are settled afterwards.
-- ARGV   id; the status that it gets; entry of the log (JSON); '1' if doubtful members of one that is resolved are completed with the others
-- reply  {'done', incident (JSON)} | {'not_found'} | {'not_allowed', status}
-- uses: domain, reserve, agents, outbox, iso-time, storm-log, incidents

local id, status = ARGV[1], ARGV[2]
expect_storm_log()
expect_incidents()
expect_incident(id)
expect_outbox()
local MAY_COME_FROM = {
  open = { suspected = true },
  resolved = { open = true, quiet = true },
  rejected = { suspected = true, open = true, quiet = true },
}
local name = incident_key(id)
local found = redis.call('HMGET', name, 'status', 'epoch', 'last_member_ms', 'quiet_ms')
local before = found[1]
local now = now_ms()
if not before then
  return is_gone_for_good(id) and { 'not_allowed', 'gone' } or { 'not_found' }
end
-- A suspicion that nobody strengthened for so long is gone for everybody who follows the log, whether or not it was written here yet.
local is_gone = before == 'suspected' and now - tonumber(found[3] or '0') >= tonumber(found[4] or '0')
if is_gone or not MAY_COME_FROM[status][before] then
  return { 'not_allowed', is_gone and 'gone' or before }
end
local epoch = whole(count_of(found[2]) + 1)
write_entry(ARGV[3])
become(id, status, epoch)
redis.call('HSET', name, status == 'open' and 'opened_ms' or 'closed_ms', whole(now))
if status == 'resolved' then
  -- Members that are settled later, also by another process, are settled by what holds now.
  local main = {}
  for category in pairs(main_categories(fields_of(id))) do
    main[#main + 1] = category
  end
  redis.call('HSET', name, 'complete_doubtful', ARGV[4] == '1' and '1' or '0', 'main_categories', table.concat(main, ' '))
end
settle_later(id)
if status ~= 'rejected' then
  local kind = status == 'open' and 'incident.opened' or 'incident.resolved'
  tell_of_incident(kind, kind .. ':' .. id, id, now)
end
return { 'done', incident_json(id) .. '}' }
