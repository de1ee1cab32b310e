-- Notes tickets in the storm log, each once in its life, and tells what was written since.
-- ARGV   1 id of the entry that the caller knows last, or ''; 2 most entries; 3 the caller's rules (JSON entry), for a log that has none;
--        then for each ticket: id, token, entry (JSON)
-- reply  {entries (see `entries_after`), then for each ticket 'noted' | 'lease_lost' | 'damaged'}
-- uses: domain, reserve, storm-log

local FIELDS = 3
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
for i = 4, #ARGV, FIELDS do
  local looked, reply = pcall(look_at, ARGV[i], ARGV[i + 1])
  replies[#replies + 1] = looked and reply or 'damaged'
end
if redis.call('EXISTS', storm_rules) == 0 then
  write_entry(ARGV[3])
  redis.call('SET', storm_rules, ARGV[3])
end
for i = 4, #ARGV, FIELDS do
  local ticket = ticket_key(ARGV[i])
  if replies[(i - 4) / FIELDS + 2] == 'noted' and redis.call('HEXISTS', ticket, 'storm_entry') == 0 then
    redis.call('HSET', ticket, 'storm_entry', write_entry(ARGV[i + 2]))
  end
end
replies[1] = entries_after(ARGV[1], tonumber(ARGV[2]))
return replies
