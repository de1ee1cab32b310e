-- An operator opens an incident around tickets. Under an id that is known it was opened before: the answer is the same.
-- ARGV   1 id; 2 title; 3 entry of the log (JSON); 4 quiet time in ms; then the tickets
-- reply  {'opened', incident (JSON), ids of the tickets that are suppressed by it} | {'not_found', ticket} |
--        {'taken', ticket, incident that holds it or that an operator took it out of}
-- uses: domain, reserve, lanes, agents, outbox, iso-time, storm-log, incidents, members

local FIRST = 5
local id = ARGV[1]
expect_storm_log()
expect_incidents()
expect_incident(id)
expect_outbox()
expect('zset', line('Billing'), line('Technical'), line('Legal'))
if redis.call('EXISTS', incident_key(id)) == 1 then
  local suppressed = {}
  for i = FIRST, #ARGV do
    local fields = read('HMGET', ticket_key(ARGV[i]), 'incident', 'status')
    if fields[1] == id and fields[2] == 'suppressed' then
      suppressed[#suppressed + 1] = ARGV[i]
    end
  end
  return { 'opened', incident_json(id) .. '}', suppressed }
end
local representative, earliest
for i = FIRST, #ARGV do
  local ticket = ARGV[i]
  expect('hash', ticket_key(ticket))
  local fields = redis.call('HMGET', ticket_key(ticket), 'received_ms', 'incident', 'unlinked')
  local received, holder, left = tonumber(fields[1] or ''), fields[2], fields[3]
  if not received then
    return { 'not_found', ticket }
  end
  if holder and holds_members(read('HGET', incident_key(holder), 'status')) then
    return { 'taken', ticket, holder }
  end
  if left then
    -- The log keeps it alone.
    return { 'taken', ticket, left }
  end
  if not earliest or received < earliest then
    representative, earliest = ticket, received
  end
end
local now = now_ms()
write_entry(ARGV[3])
redis.call('ZADD', incidents, redis.call('INCR', incident_count), id)
become(id, 'open', '1')
redis.call('HSET', incident_key(id), 'title', ARGV[2], 'previous', '', 'opened_ms', whole(now), 'closed_ms', '',
  'last_member_ms', whole(now), 'quiet_ms', ARGV[4])
local suppressed = {}
for i = FIRST, #ARGV do
  count_member(id, ARGV[i], '1', '-', now)
end
let_speak(id, representative)
for i = FIRST, #ARGV do
  if link(id, ARGV[i]) then
    suppressed[#suppressed + 1] = ARGV[i]
  end
end
tell_of_incident('incident.opened', 'incident.opened:' .. id, id, now)
return { 'opened', incident_json(id) .. '}', suppressed }
