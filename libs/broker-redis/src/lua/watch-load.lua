-- What whoever watches for suspicious bursts has learnt.
-- reply  {id of the entry up to which bursts were looked for, or ''; the same of what was learnt, or ''; what was learnt (JSON) or ''}
-- uses: domain, storm-log

expect('hash', storm_watch)
local found = redis.call('HMGET', storm_watch, 'seen', 'last', 'state')
if not found[2] or not found[3] then
  return { found[1] or '', '', '' }
end
return { found[1] or '', found[2], found[3] }
