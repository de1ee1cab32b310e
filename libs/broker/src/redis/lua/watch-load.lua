-- What whoever watches for suspicious bursts has learnt.
-- reply  {id of the entry up to which it watched, state (JSON)} | {} if nobody did
-- uses: domain, storm-log

expect('hash', storm_watch)
local found = redis.call('HMGET', storm_watch, 'last', 'state')
return found[1] and found[2] and found or {}
