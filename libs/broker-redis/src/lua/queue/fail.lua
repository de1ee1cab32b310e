-- Ends a claim after an error: the ticket is delayed in its lane, or becomes a dead letter.
-- arguments  is_retryable: '1' if another attempt can help
-- items      the delay after the first error, after the second, ...
-- reply      {'queued'} | {'dead', ids of older dead letters that were dropped} | {'lease_lost'}
-- uses: ticket_status, store, clock, tickets, ticket_index, queue, dead_letters

store.allow_writes_when_full()
local id, token = ARGV[argument.id], ARGV[argument.token]
queue.expect()
dead_letters.expect()
store.expect('string', tickets.lock_key(id))
store.expect('hash', tickets.key(id))
if not tickets.is_claimed_by(id, token) or not tickets.is_sound(id, ticket_status.processing) then
  return { 'lease_lost' }
end
local counts = redis.call('HMGET', tickets.key(id), 'attempts', 'stalls', 'lane')
-- Every attempt that did not stall and was not requeued ended in an error.
local failures = tonumber(counts[1] or '1') - tonumber(counts[2] or '0')
local now = clock.now_ms()
if ARGV[argument.is_retryable] ~= '1' or failures >= tonumber(ARGV[argument.max_attempts]) then
  local lost = dead_letters.put(id, ARGV[argument.code], ARGV[argument.message], now, tonumber(ARGV[argument.dead_letters_max]))
  queue.end_claim(id)
  return { 'dead', lost }
end
local before_delays = argument.ITEMS - 1
local delay = tonumber(ARGV[before_delays + math.min(math.max(failures, 1), #ARGV - before_delays)])
redis.call('HSET', tickets.key(id), 'status', ticket_status.queued)
ticket_index.update(id)
redis.call('ZADD', queue.delayed(counts[3]), now + delay, id)
queue.note_requeued(id)
queue.end_claim(id)
return { 'queued' }
