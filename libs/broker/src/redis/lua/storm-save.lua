-- Keeps a snapshot of the storm log, unless a later one is there, and drops entries that nobody needs any more.
-- ARGV   id of its last entry; state (JSON); id below which entries are dropped: never above the first
-- reply  {'saved'} | {'older'}
-- uses: domain, reserve, storm-log

expect_storm_log()
expect('hash', storm_snapshot)

local function parts(id)
  local ms, number = string.match(id, '^(%d+)%-(%d+)$')
  return tonumber(ms or '0'), tonumber(number or '0')
end

local before = redis.call('HGET', storm_snapshot, 'last')
if before and string.match(before, '^%d+%-%d+$') and #redis.call('XRANGE', storm_log, before, before) == 1 then
  local old_ms, old_number = parts(before)
  local ms, number = parts(ARGV[1])
  if ms < old_ms or (ms == old_ms and number < old_number) then
    return { 'older' }
  end
end
redis.call('HSET', storm_snapshot, 'last', ARGV[1], 'state', ARGV[2])
redis.call('XTRIM', storm_log, 'MINID', ARGV[3])
return { 'saved' }
