-- One page of the members of an incident, in the order of their arrival.
-- args   after_ms, after: arrival and ticket of the member after which the page begins
-- reply  {'more' or 'end', then ticket, similarity, received_ms for each} | {'not_found'}
-- uses: incidents
local id, after_ms, after, most = args.id, args.after_ms, args.after, args.limit
incidents.expect(id)
if redis.call('EXISTS', incidents.key(id)) == 0 then
  return { 'not_found' }
end

local start = incidents.members_before(id, after_ms, after)
if redis.call('ZRANGE', incidents.members(id), start, start)[1] == after then
  start = start + 1
end
local found = redis.call('ZRANGE', incidents.members(id), start, start + most - 1, 'WITHSCORES')
local page = { redis.call('ZCARD', incidents.members(id)) > start + most and 'more' or 'end' }
for i = 1, #found, 2 do
  page[#page + 1] = found[i]
  page[#page + 1] = string.match(redis.call('HGET', incidents.similarities(id), found[i]) or '', '^%S+') or '1'
  page[#page + 1] = found[i + 1]
end
return page
