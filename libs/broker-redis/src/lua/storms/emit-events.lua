-- Emits an event for each incident that has doubled since the last one, each at most once per interval; leaves out corrupt ones. Drops incidents whose
-- retention time is over.
-- reply  {ids of incidents whose members are still to be settled}
-- uses: incident_status, store, clock, numbers, outbox, incidents

store.allow_writes_when_full()
incidents.expect_all()
outbox.expect()
local now = clock.now_ms()
for _, id in ipairs(redis.call('SMEMBERS', incidents.growing)) do
  if pcall(incidents.expect, id) then
    local fields = redis.call('HMGET', incidents.key(id), 'notified_members', 'updated_ms', 'status')
    local size = redis.call('ZCARD', incidents.members(id))
    if fields[3] ~= incident_status.open then
      redis.call('SREM', incidents.growing, id)
    elseif size >= 2 * numbers.count_of(fields[1]) and now - numbers.count_of(fields[2]) >= args.interval_ms then
      incidents.emit('incident.updated', 'incident.updated:' .. id .. ':' .. size, id, now)
      redis.call('HSET', incidents.key(id), 'updated_ms', numbers.whole(now))
    end
  end
end
-- Without waiting until their memory is freed, and a few at a time.
local MOST_DROPPED = 20
for _, id in ipairs(redis.call('ZRANGEBYSCORE', incidents.ended, '-inf', numbers.whole(now), 'LIMIT', 0, MOST_DROPPED)) do
  redis.call('UNLINK', unpack(incidents.keys_of(id)))
  redis.call('ZREM', incidents.all, id)
  redis.call('ZREM', incidents.ended, id)
end
return redis.call('SMEMBERS', incidents.unsettled)
