-- Appends tickets to the storm log, each once, and reads the entries since. The entry of a ticket that belongs to an incident names that incident.
-- arguments  last, limit: see `storm_log.entries_after`; rules: the caller's, as an entry (JSON), for a log that has none; is_again: '1' to append the tickets
--            again, because the caller no longer has their entries
-- items      entry: JSON; is_always_routed: '1' if no incident suppresses it
-- reply      {entries (see `storm_log.entries_after`), then for each ticket 'noted' | 'lease_lost' | 'corrupt' | {'<incident>', similarity} for a doubtful
--            member of that resolved incident, which is not appended: the log would count it, or let it join another incident}
-- uses: store, tickets, storm_log

store.allow_writes_when_full()
local is_again = ARGV[argument.is_again] == '1'
storm_log.expect()
store.expect('string', storm_log.rules)

-- Whether a ticket may be appended.
local function look_at(id, token)
  store.expect('string', tickets.lock_key(id))
  store.expect('hash', tickets.key(id))
  local is_claimed = redis.call('GET', tickets.lock_key(id)) == token and redis.call('EXISTS', tickets.key(id)) == 1
  return is_claimed and 'noted' or 'lease_lost'
end

local replies = { '' }
-- The similarity of a ticket to its incident when it joined, by the record of the incident.
local function similarity_of(ticket_id, incident)
  local similarities = store.key('incident:' .. incident .. ':similarity')
  local joined = store.type_of(similarities) == 'hash' and redis.call('HGET', similarities, ticket_id)
  return string.format('%.6g', tonumber(string.match(joined or '', '^%S+') or '') or 1)
end

-- The JSON of an entry, with the incident by the ticket's record.
local function with_membership(ticket_id, incident, json)
  if not incident then
    return json
  end
  return string.format('%s,"member_of":{"incident_id":%s,"similarity":%s}}', string.sub(json, 1, -2), cjson.encode(incident),
    similarity_of(ticket_id, incident))
end

for i = argument.ITEMS, #ARGV, field.COUNT do
  local looked, reply = pcall(look_at, ARGV[i], ARGV[i + field.token])
  replies[#replies + 1] = looked and reply or 'corrupt'
end
if redis.call('EXISTS', storm_log.rules) == 0 then
  storm_log.write(ARGV[argument.rules])
  redis.call('SET', storm_log.rules, ARGV[argument.rules])
end
for i = argument.ITEMS, #ARGV, field.COUNT do
  local id = ARGV[i]
  if replies[(i - argument.ITEMS) / field.COUNT + 2] == 'noted' then
    local found = redis.call('HMGET', tickets.key(id), 'storm_entry', 'incident', 'released_from')
    if found[3] then
      replies[(i - argument.ITEMS) / field.COUNT + 2] = { found[3], similarity_of(id, found[3]) }
    elseif is_again or not found[1] then
      local entry = storm_log.write(with_membership(id, found[2], ARGV[i + field.entry]))
      if ARGV[i + field.is_always_routed] == '1' then
        redis.call('HSET', tickets.key(id), 'storm_entry', entry, 'always_routed', '1')
      else
        redis.call('HSET', tickets.key(id), 'storm_entry', entry)
      end
    end
  end
end
replies[1] = storm_log.entries_after(ARGV[argument.last], tonumber(ARGV[argument.limit]))
return replies
