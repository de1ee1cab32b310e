-- Requeues a claimed ticket at the front of its lane, as if it had not been claimed.
-- reply  {'released'} | {'lease_lost'}
-- uses: ticket_status, store, tickets, queue

store.allow_writes_when_full()
local id, token = ARGV[argument.id], ARGV[argument.token]
queue.expect()
store.expect('string', tickets.lock_key(id))
store.expect('hash', tickets.key(id))
if not tickets.is_claimed_by(id, token) or not tickets.is_sound(id, ticket_status.processing) then
  return { 'lease_lost' }
end
redis.call('HINCRBY', tickets.key(id), 'attempts', -1)
queue.requeue_first(id)
queue.end_claim(id)
queue.wake_workers(1)
return { 'released' }
