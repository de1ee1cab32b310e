-- Writes the rules that hold from now on to the storm log, unless they are in force already.
-- args   entry: the rules, JSON
-- reply  {'written'} | {'known'}
-- uses: store, storm_log

store.allow_writes_when_full()
storm_log.expect()
store.expect('string', storm_log.rules)
if redis.call('GET', storm_log.rules) == args.entry then
  return { 'known' }
end
storm_log.write(args.entry)
redis.call('SET', storm_log.rules, args.entry)
return { 'written' }
