-- One page of incidents, the latest first; corrupt ones are left out. Looks at a bounded number, however few of them have the status.
-- args   before: number of the incident before which the page begins, or '+inf'; status: '' for any
-- reply  {number before which the next page begins if there may be more, or ''; then each as JSON}
-- uses: incidents
local MOST_LOOKED_AT = 1000
incidents.expect_all()
local before, most, status = args.before, args.limit, args.status
local page, last = { '' }, before

local function has_status(id)
  if status == '' then
    return true
  end
  local found = redis.pcall('HGET', incidents.key(id), 'status')
  return found == status
end

local found = redis.call('ZREVRANGEBYSCORE', incidents.all, '(' .. before, '-inf', 'WITHSCORES', 'LIMIT', 0, MOST_LOOKED_AT)
for i = 1, #found, 2 do
  local id = found[i]
  if redis.call('EXISTS', incidents.key(id)) == 0 then
    -- It was dropped after its retention time.
    redis.call('ZREM', incidents.all, id)
  elseif has_status(id) and pcall(incidents.expect, id) then
    if #page > most then
      page[1] = last
      return page
    end
    page[#page + 1] = incidents.json(id) .. '}'
    last = found[i + 1]
  end
  before = found[i + 1]
end
if #found == 2 * MOST_LOOKED_AT then
  page[1] = before
end
return page
