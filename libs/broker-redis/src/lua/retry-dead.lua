-- Puts a dead ticket at the end of its lane with fresh counts.
-- ARGV   id
-- reply  {'queued', fields} | {'not_found'}
-- uses: domain, reserve, lanes, unfinished, dead

local id = ARGV[1]
expect_lanes()
expect_dead()
expect('hash', ticket_key(id))
if not redis.call('ZSCORE', dead, id) then
  return { 'not_found' }
end
if not is_sound(id, 'dead') then
  corrupt(ticket_key(id), 'is no record of ours')
end
redis.call('ZREM', dead, id)
redis.call('HSET', ticket_key(id), 'status', 'queued', 'attempts', '0', 'stalls', '0')
redis.call('HDEL', ticket_key(id), 'error_code', 'error_message', 'died_ms')
redis.call('RPUSH', lane_list(redis.call('HGET', ticket_key(id), 'lane')), id)
note_return(id)
count_unfinished(id, 1)
wake_workers(1)
return { 'queued', redis.call('HGETALL', ticket_key(id)) }
