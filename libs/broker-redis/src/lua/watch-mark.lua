-- Notes up to which entry of the storm log suspicious bursts were looked for: nobody needs to suspect them again.
-- ARGV   id of that entry
-- reply  {'noted'}
-- uses: domain, reserve, storm-log

expect('hash', storm_watch)
redis.call('HSET', storm_watch, 'seen', ARGV[1])
return { 'noted' }
