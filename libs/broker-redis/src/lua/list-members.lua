-- One page of the members of an incident, in the order of their arrival.
-- ARGV   id; received_ms and ticket of the member after which the page begins; most entries
-- reply  {'more' or 'end', then ticket, similarity, received_ms for each} | {'not_found'}
-- uses: domain, agents, outbox, iso-time, incidents

local id, after_ms, after, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
expect_incident(id)
if redis.call('EXISTS', incident_key(id)) == 0 then
  return { 'not_found' }
end

local start = members_before(id, after_ms, after)
if redis.call('ZRANGE', members_of(id), start, start)[1] == after then
  start = start + 1
end
local found = redis.call('ZRANGE', members_of(id), start, start + most - 1, 'WITHSCORES')
local page = { redis.call('ZCARD', members_of(id)) > start + most and 'more' or 'end' }
for i = 1, #found, 2 do
  page[#page + 1] = found[i]
  page[#page + 1] = string.match(redis.call('HGET', likeness_of(id), found[i]) or '', '^%S+') or '1'
  page[#page + 1] = found[i + 1]
end
return page
