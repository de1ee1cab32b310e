-- Which snapshot of the storm log is the latest.
-- reply  {id of its last entry, its generation, number of its parts} | {} if there is none
-- uses: domain, storm-log

expect('hash', storm_snapshot)
local found = redis.call('HMGET', storm_snapshot, 'last', 'generation', 'parts')
return found[1] and found[2] and found[3] and found or {}
