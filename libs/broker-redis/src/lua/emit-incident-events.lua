-- Tells subscribers of incidents that have doubled since they were told of them, each at most once in a while. One that
-- is corrupt is passed over until it is mended. Drops what was kept of ended ones for its time.
-- ARGV   that while in ms
-- reply  {ids of incidents whose members are still to be settled}
-- uses: domain, reserve, agents, outbox, iso-time, incidents

expect_incidents()
expect_outbox()
local now = now_ms()
for _, id in ipairs(redis.call('SMEMBERS', growing)) do
  if pcall(expect_incident, id) then
    local fields = redis.call('HMGET', incident_key(id), 'told', 'updated_ms', 'status')
    local members = redis.call('ZCARD', members_of(id))
    if fields[3] ~= 'open' then
      redis.call('SREM', growing, id)
    elseif members >= 2 * count_of(fields[1]) and now - count_of(fields[2]) >= tonumber(ARGV[1]) then
      tell_of_incident('incident.updated', 'incident.updated:' .. id .. ':' .. members, id, now)
      redis.call('HSET', incident_key(id), 'updated_ms', whole(now))
    end
  end
end
-- Without waiting until their memory is free, and few at a time.
local MOST_DROPPED = 20
for _, id in ipairs(redis.call('ZRANGEBYSCORE', ended, '-inf', whole(now), 'LIMIT', 0, MOST_DROPPED)) do
  redis.call('UNLINK', unpack(books_of(id)))
  redis.call('ZREM', incidents, id)
  redis.call('ZREM', ended, id)
end
return redis.call('SMEMBERS', unsettled)
