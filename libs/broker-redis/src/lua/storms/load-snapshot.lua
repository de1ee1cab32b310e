-- Reads which snapshot of the storm log is current.
-- reply  {id of its last entry, its generation, number of its parts} | {} if there is none
-- uses: store, storm_log
store.expect('hash', storm_log.snapshot)
local found = redis.call('HMGET', storm_log.snapshot, 'last', 'generation', 'parts')
return found[1] and found[2] and found[3] and found or {}
