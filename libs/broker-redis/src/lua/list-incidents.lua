-- One page of incidents, the latest first, without those that are corrupt: they are no reason not to show the others. Looks at so many only
-- that nothing else waits for long, however few of them have the status.
-- ARGV   number of the incident before which the page begins, or '+inf'; most entries; status that they must have, or ''
-- reply  {number before which the next page begins if there may be more, or ''; then each as JSON}
-- uses: domain, agents, outbox, iso-time, incidents

local MOST_LOOKED_AT = 1000
expect_incidents()
local before, most, status = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local page, last = { '' }, before

local function has_status(id)
  if status == '' then
    return true
  end
  local found = redis.pcall('HGET', incident_key(id), 'status')
  return found == status
end

local found = redis.call('ZREVRANGEBYSCORE', incidents, '(' .. before, '-inf', 'WITHSCORES', 'LIMIT', 0, MOST_LOOKED_AT)
for i = 1, #found, 2 do
  local id = found[i]
  if redis.call('EXISTS', incident_key(id)) == 0 then
    -- It was kept for its time.
    redis.call('ZREM', incidents, id)
  elseif has_status(id) and pcall(expect_incident, id) then
    if #page > most then
      page[1] = last
      return page
    end
    page[#page + 1] = incident_json(id) .. '}'
    last = found[i + 1]
  end
  before = found[i + 1]
end
if #found == 2 * MOST_LOOKED_AT then
  page[1] = before
end
return page
