-- Saves up to which entry of the storm log bursts were looked for, so that none is reported twice.
-- reply  {'saved'}
-- uses: store, storm_log

store.allow_writes_when_full()
store.expect('hash', storm_log.bursts)
redis.call('HSET', storm_log.bursts, 'seen', args.last)
return { 'noted' }
