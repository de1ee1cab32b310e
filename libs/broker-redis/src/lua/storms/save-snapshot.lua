-- Makes a snapshot of the storm log the current one, unless there is a later one or a part is missing, and drops entries that no snapshot needs. The
-- previous snapshot is kept until the next one is saved, for processes that are reading it.
-- args   last: id of its last entry; parts: their number; first_kept: id of the first entry that is kept, never after `last`
-- reply  {'saved'} | {'older'} | {'incomplete'}
-- uses: store, storm_log

store.allow_writes_when_full()
storm_log.expect()
store.expect('hash', storm_log.snapshot, storm_log.snapshot_parts(args.generation))

local function parts(id)
  local ms, number = string.match(id, '^(%d+)%-(%d+)$')
  return tonumber(ms or '0'), tonumber(number or '0')
end

local before = redis.call('HGET', storm_log.snapshot, 'last')
if before and string.match(before, '^%d+%-%d+$') and #redis.call('XRANGE', storm_log.key, before, before) == 1 then
  local old_ms, old_number = parts(before)
  local ms, number = parts(args.last)
  if ms < old_ms or (ms == old_ms and number < old_number) then
    return { 'older' }
  end
end
if redis.call('HLEN', storm_log.snapshot_parts(args.generation)) ~= args.parts then
  return { 'incomplete' }
end
local replaced = redis.call('HGET', storm_log.snapshot, 'generation')
if replaced ~= args.generation then
  redis.call('HSET', storm_log.snapshot, 'last', args.last, 'generation', args.generation, 'parts', args.parts, 'spare', replaced or '')
end
-- Earlier versions stored a snapshot in one value.
redis.call('HDEL', storm_log.snapshot, 'state')
redis.call('XTRIM', storm_log.key, 'MINID', args.first_kept)
return { 'saved' }
