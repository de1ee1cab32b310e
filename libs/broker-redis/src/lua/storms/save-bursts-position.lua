-- Saves the last entry of the storm log that was searched for bursts, so that no burst is reported twice.
-- reply  {'saved'}
-- uses: store, storm_log

store.allow_writes_when_full()
store.expect('hash', storm_log.bursts)
redis.call('HSET', storm_log.bursts, 'seen', args.last)
return { 'noted' }
