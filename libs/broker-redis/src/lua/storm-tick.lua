-- Writes down that time has passed, unless the latest entry says so.
-- ARGV   entry (JSON); least time since the latest entry in ms
-- reply  {'written'} | {'recent'}
-- uses: domain, reserve, storm-log

expect_storm_log()
local latest = redis.call('XREVRANGE', storm_log, '+', '-', 'COUNT', 1)[1]
if latest and now_ms() - tonumber(string.match(latest[1], '^%d+')) < tonumber(ARGV[2]) then
  return { 'recent' }
end
write_entry(ARGV[1])
return { 'written' }
