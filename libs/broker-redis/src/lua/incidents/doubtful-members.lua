-- One page of the doubtful members of an incident, in the order of their arrival. Looks at a bounded number of members.
-- args   after_ms, after: arrival and ticket of the member after which the page begins
-- reply  {'more' or 'end', received_ms and ticket of the member that was looked at last, or '' and '', then ticket, similarity, received_ms, mark, '1' if most
--        members have another category or else '' for each} | {'not_found'}
-- uses: incidents
local MOST_LOOKED_AT = 1000
local id, after_ms, after, most = args.id, args.after_ms, args.after, args.limit
incidents.expect(id)
local fields = incidents.fields(id)
if next(fields) == nil then
  return { 'not_found' }
end

local start = incidents.members_before(id, after_ms, after)
if redis.call('ZRANGE', incidents.members(id), start, start)[1] == after then
  start = start + 1
end
local found = redis.call('ZRANGE', incidents.members(id), start, start + MOST_LOOKED_AT - 1, 'WITHSCORES')
if #found == 0 then
  return { 'end', '', '' }
end
local ids = {}
for i = 1, #found, 2 do
  ids[#ids + 1] = found[i]
end
local joined = redis.call('HMGET', incidents.similarities(id), unpack(ids))
local counted = redis.call('HMGET', incidents.counted(id), unpack(ids))
local main = incidents.main_categories(fields)
local page, looked_at = { 'end', '', '' }, 0
for i, ticket in ipairs(ids) do
  looked_at = i
  local mark = incidents.mark_in(joined[i])
  if incidents.is_doubtful(mark, counted[i], main) then
    local has_other = incidents.is_doubtful('-', counted[i], main)
    local parts = { ticket, string.match(joined[i] or '', '^%S+') or '1', found[2 * i], mark, has_other and '1' or '' }
    for _, part in ipairs(parts) do
      page[#page + 1] = part
    end
    if #page >= 3 + 5 * most then
      break
    end
  end
end
page[1] = redis.call('ZCARD', incidents.members(id)) > start + looked_at and 'more' or 'end'
page[2], page[3] = found[2 * looked_at], ids[looked_at]
return page
