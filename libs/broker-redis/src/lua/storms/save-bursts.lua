-- Saves the state of the burst detector, for the next leader.
-- args   last: id of the last entry that the state covers; state: JSON
-- reply  {'saved'}
-- uses: store, storm_log

store.allow_writes_when_full()
store.expect('hash', storm_log.bursts)
redis.call('HSET', storm_log.bursts, 'last', args.last, 'state', args.state)
return { 'saved' }
