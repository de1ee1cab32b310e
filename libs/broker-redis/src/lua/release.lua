-- Hands a ticket back to the front of its lane as if it had not been touched.
-- ARGV   id; token
-- reply  {'released'} | {'lease_lost'}
-- uses: domain, reserve, lanes

local id, token = ARGV[1], ARGV[2]
expect_lanes()
expect('string', lock_key(id))
expect('hash', ticket_key(id))
if not is_held(id, token) or not is_sound(id, 'processing') then
  return { 'lease_lost' }
end
redis.call('HINCRBY', ticket_key(id), 'attempts', -1)
requeue_first(id)
end_claim(id)
wake_workers(1)
return { 'released' }
