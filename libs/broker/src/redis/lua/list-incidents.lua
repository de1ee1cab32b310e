-- One page of incidents, the latest first, without those that are damaged: they are no reason not to show the others.
-- ARGV   number of the incident before which the page begins, or '+inf'; most entries; status that they must have, or ''
-- reply  {number of the last one if there may be more, or ''; then each as JSON}
-- uses: domain, agents, outbox, iso-time, incidents

local AT_A_TIME = 100
expect_incidents()
local before, most, status = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local page, last, is_full = { '' }, nil, false

local function look_at(id, number)
  if redis.call('EXISTS', incident_key(id)) == 0 then
    -- It was kept for its time.
    redis.call('ZREM', incidents, id)
  elseif pcall(expect_incident, id) and (status == '' or redis.call('HGET', incident_key(id), 'status') == status) then
    is_full = #page > most
    if is_full then
      page[1] = last
    else
      page[#page + 1] = incident_json(id) .. '}'
      last = number
    end
  end
  before = number
end

repeat
  local found = redis.call('ZREVRANGEBYSCORE', incidents, '(' .. before, '-inf', 'WITHSCORES', 'LIMIT', 0, AT_A_TIME)
  for i = 1, #found, 2 do
    if not is_full then
      look_at(found[i], found[i + 1])
    end
  end
until is_full or #found < 2 * AT_A_TIME
return page
