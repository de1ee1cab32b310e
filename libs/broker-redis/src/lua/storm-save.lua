-- Makes a snapshot of the storm log count, unless a later one does or a part is missing, and drops entries that no snapshot needs any more. The one
-- before is kept until the next is written, for those who read it now.
-- ARGV   id of its last entry; its generation; number of its parts; id below which entries are dropped: never above the first
-- reply  {'saved'} | {'older'} | {'incomplete'}
-- uses: domain, reserve, storm-log

expect_storm_log()
expect('hash', storm_snapshot, snapshot_parts(ARGV[2]))

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
if redis.call('HLEN', snapshot_parts(ARGV[2])) ~= tonumber(ARGV[3]) then
  return { 'incomplete' }
end
local replaced = redis.call('HGET', storm_snapshot, 'generation')
if replaced ~= ARGV[2] then
  redis.call('HSET', storm_snapshot, 'last', ARGV[1], 'generation', ARGV[2], 'parts', ARGV[3], 'spare', replaced or '')
end
-- As a former version kept it, in one value.
redis.call('HDEL', storm_snapshot, 'state')
redis.call('XTRIM', storm_log, 'MINID', ARGV[4])
return { 'saved' }
