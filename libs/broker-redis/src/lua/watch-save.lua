-- Keeps what whoever watches for suspicious bursts has learnt, for whoever watches next.
-- ARGV   id of the entry up to which it watched; state (JSON)
-- reply  {'saved'}
-- uses: domain, reserve, storm-log

expect('hash', storm_watch)
redis.call('HSET', storm_watch, 'last', ARGV[1], 'state', ARGV[2])
return { 'saved' }
