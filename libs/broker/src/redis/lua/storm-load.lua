-- The latest snapshot of the storm log.
-- reply  {id of its last entry, state (JSON)} | {} if there is none
-- uses: domain, storm-log

expect('hash', storm_snapshot)
local found = redis.call('HMGET', storm_snapshot, 'last', 'state')
return found[1] and found[2] and found or {}
