-- Saves one part of a snapshot of the storm log. The first part drops an abandoned snapshot.
-- args   number: of the part, from 0; part: JSON
-- reply  {'saved'}
-- uses: store, storm_log

store.allow_writes_when_full()
store.expect('hash', storm_log.snapshot, storm_log.snapshot_parts(args.generation))
if args.number == 0 then
  local found = redis.call('HMGET', storm_log.snapshot, 'spare', 'generation')
  if found[1] and found[1] ~= found[2] and found[1] ~= args.generation then
    redis.call('UNLINK', storm_log.snapshot_parts(found[1]))
  end
  redis.call('HSET', storm_log.snapshot, 'spare', args.generation)
end
redis.call('HSET', storm_log.snapshot_parts(args.generation), args.number, args.part)
return { 'kept' }
