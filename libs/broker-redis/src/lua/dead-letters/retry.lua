-- Requeues a dead ticket at the end of its lane, with its counts reset.
-- reply  {'queued', fields} | {'not_found'}
-- uses: ticket_status, store, tickets, ticket_index, queue, unfinished, dead_letters

store.allow_writes_when_full()
local id = args.id
queue.expect()
dead_letters.expect()
store.expect('hash', tickets.key(id))
if not redis.call('ZSCORE', dead_letters.all, id) then
  return { 'not_found' }
end
if not tickets.is_sound(id, ticket_status.dead) then
  store.corrupt(tickets.key(id), 'is no ticket record')
end
redis.call('ZREM', dead_letters.all, id)
redis.call('HSET', tickets.key(id), 'status', ticket_status.queued, 'attempts', '0', 'stalls', '0')
redis.call('HDEL', tickets.key(id), 'error_code', 'error_message', 'died_ms')
ticket_index.update(id)
redis.call('RPUSH', queue.lane(redis.call('HGET', tickets.key(id), 'lane')), id)
queue.note_requeued(id)
unfinished.count(id, 1)
queue.wake_workers(1)
return { 'queued', redis.call('HGETALL', tickets.key(id)) }
