-- Reads the state of the burst detector.
-- reply  {id of the last entry that was searched for bursts, or ''; id of the last entry that the state covers, or ''; the state (JSON) or ''}
-- uses: store, storm_log
store.expect('hash', storm_log.bursts)
local found = redis.call('HMGET', storm_log.bursts, 'seen', 'last', 'state')
if not found[2] or not found[3] then
  return { found[1] or '', '', '' }
end
return { found[1] or '', found[2], found[3] }
