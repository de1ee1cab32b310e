-- Opens an incident around tickets, for an operator. A repeat with the same id changes nothing and has the same reply.
-- args   entry: of the storm log, JSON
-- reply  {'opened', incident (JSON), ids of the tickets that it suppresses} | {'not_found', ticket} |
--        {'taken', ticket, incident that it belongs to or that an operator unlinked it from}
-- uses: incident_status, ticket_status, store, clock, numbers, tickets, agents, outbox, incidents, members, storm_log

store.allow_writes_when_full()
local id = args.id
storm_log.expect()
incidents.expect_all()
incidents.expect(id)
outbox.expect()
agents.expect_lines()
if redis.call('EXISTS', incidents.key(id)) == 1 then
  local suppressed = {}
  for _, ticket in ipairs(args.tickets) do
    local fields = store.read('HMGET', tickets.key(ticket), 'incident', 'status')
    if fields[1] == id and fields[2] == ticket_status.suppressed then
      suppressed[#suppressed + 1] = ticket
    end
  end
  return { 'opened', incidents.json(id) .. '}', suppressed }
end
local representative, earliest
for _, ticket in ipairs(args.tickets) do
  store.expect('hash', tickets.key(ticket))
  local fields = redis.call('HMGET', tickets.key(ticket), 'received_ms', 'incident', 'unlinked')
  local received, holder, left = tonumber(fields[1] or ''), fields[2], fields[3]
  if not received then
    return { 'not_found', ticket }
  end
  if holder and incidents.holds_members(store.read('HGET', incidents.key(holder), 'status')) then
    return { 'taken', ticket, holder }
  end
  if left then
    -- The log treats it as no part of a storm.
    return { 'taken', ticket, left }
  end
  if not earliest or received < earliest then
    representative, earliest = ticket, received
  end
end
local now = clock.now_ms()
storm_log.write(args.entry)
redis.call('ZADD', incidents.all, redis.call('INCR', incidents.last_number), id)
incidents.set_status(id, incident_status.open, '1')
redis.call('HSET', incidents.key(id), 'title', args.title, 'previous', '', 'opened_ms', numbers.whole(now), 'closed_ms', '',
  'last_member_ms', numbers.whole(now), 'quiet_ms', args.quiet_ms)
local suppressed = {}
for _, ticket in ipairs(args.tickets) do
  members.join(id, ticket, '1', '-', now)
end
members.set_representative(id, representative)
for _, ticket in ipairs(args.tickets) do
  if members.link(id, ticket) then
    suppressed[#suppressed + 1] = ticket
  end
end
incidents.emit('incident.opened', 'incident.opened:' .. id, id, now)
return { 'opened', incidents.json(id) .. '}', suppressed }
