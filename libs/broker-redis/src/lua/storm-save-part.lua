-- Keeps one part of a snapshot of the storm log that is being written. The first part makes room: it drops what neither counts nor is being written
-- any more, such as a snapshot whose writer has died.
-- ARGV   generation of the snapshot; number of the part, from 0; the part (JSON)
-- reply  {'kept'}
-- uses: domain, reserve, storm-log

expect('hash', storm_snapshot, snapshot_parts(ARGV[1]))
if ARGV[2] == '0' then
  local found = redis.call('HMGET', storm_snapshot, 'spare', 'generation')
  if found[1] and found[1] ~= found[2] and found[1] ~= ARGV[1] then
    redis.call('UNLINK', snapshot_parts(found[1]))
  end
  redis.call('HSET', storm_snapshot, 'spare', ARGV[1])
end
redis.call('HSET', snapshot_parts(ARGV[1]), ARGV[2], ARGV[3])
return { 'kept' }
