-- Notes tickets in the storm log, each once, and tells what was written since. The entry of a ticket that belongs to an incident already says so.
-- ARGV   1 id of the entry that the caller knows last, or ''; 2 most entries; 3 the caller's rules (JSON entry), for a log that has none;
--        4 '1' if the tickets are to be noted again, because the caller has forgotten their entries; then for each ticket: id, token, entry (JSON),
--        '1' if it is routed in whatever incident, or ''
-- reply  {entries (see `entries_after`), then for each ticket 'noted' | 'lease_lost' | 'corrupt' | {'<incident>', similarity} for a doubtful member of
--        that resolved incident, which is not noted: the log would let it count, or join another incident}
-- uses: domain, reserve, storm-log

local FIELDS, FIRST = 4, 5
local is_again = ARGV[4] == '1'
expect_storm_log()
expect('string', storm_rules)

-- What is to be said of one ticket.
local function look_at(id, token)
  expect('string', lock_key(id))
  expect('hash', ticket_key(id))
  local is_held = redis.call('GET', lock_key(id)) == token and redis.call('EXISTS', ticket_key(id)) == 1
  return is_held and 'noted' or 'lease_lost'
end

local replies = { '' }
-- How similar a ticket was to an incident when it joined, by the record of that.
local function similarity_of(ticket_id, incident)
  local likeness = key('incident:' .. incident .. ':likeness')
  local joined = type_of(likeness) == 'hash' and redis.call('HGET', likeness, ticket_id)
  return string.format('%.6g', tonumber(string.match(joined or '', '^%S+') or '') or 1)
end

-- As JSON of an entry, what the record of an incident says of a member.
local function with_membership(ticket_id, incident, json)
  if not incident then
    return json
  end
  return string.format('%s,"member_of":{"incident_id":%s,"similarity":%s}}', string.sub(json, 1, -2), cjson.encode(incident),
    similarity_of(ticket_id, incident))
end

for i = FIRST, #ARGV, FIELDS do
  local looked, reply = pcall(look_at, ARGV[i], ARGV[i + 1])
  replies[#replies + 1] = looked and reply or 'corrupt'
end
if redis.call('EXISTS', storm_rules) == 0 then
  write_entry(ARGV[3])
  redis.call('SET', storm_rules, ARGV[3])
end
for i = FIRST, #ARGV, FIELDS do
  local id = ARGV[i]
  if replies[(i - FIRST) / FIELDS + 2] == 'noted' then
    local found = redis.call('HMGET', ticket_key(id), 'storm_entry', 'incident', 'released')
    if found[3] then
      replies[(i - FIRST) / FIELDS + 2] = { found[3], similarity_of(id, found[3]) }
    elseif is_again or not found[1] then
      local entry = write_entry(with_membership(id, found[2], ARGV[i + 2]))
      if ARGV[i + 3] == '1' then
        redis.call('HSET', ticket_key(id), 'storm_entry', entry, 'always_routed', '1')
      else
        redis.call('HSET', ticket_key(id), 'storm_entry', entry)
      end
    end
  end
end
replies[1] = entries_after(ARGV[1], tonumber(ARGV[2]))
return replies
