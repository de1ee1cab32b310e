-- Writes to the storm log that time has passed, unless its latest entry is recent.
-- args   entry: JSON; interval_ms: least time since the latest entry
-- reply  {'written'} | {'recent'}
-- uses: store, clock, storm_log

store.allow_writes_when_full()
storm_log.expect()
local latest = redis.call('XREVRANGE', storm_log.key, '+', '-', 'COUNT', 1)[1]
if latest and clock.now_ms() - tonumber(string.match(latest[1], '^%d+')) < args.interval_ms then
  return { 'recent' }
end
storm_log.write(args.entry)
return { 'written' }
