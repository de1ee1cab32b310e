-- The queue: two lanes, the tickets in process, and the delayed ones.
-- uses: contract, ticket_status, store, tickets, ticket_index

queue.processing = KEYS[2] .. ':processing'
-- Queued tickets that were claimed before, by arrival: their place in the list does not follow it.
queue.requeued = KEYS[2] .. ':requeued'
queue.wake = KEYS[2] .. ':wake'
-- Entries without a sound record: kept, because an operator may repair the record.
queue.quarantined = KEYS[2] .. ':quarantined'
-- Number of urgent tickets claimed in a row.
queue.urgent_streak = KEYS[2] .. ':urgent_streak'

local MOST_WAKE_CALLS = 64

function queue.lane(lane)
  return KEYS[2] .. ':' .. lane
end

function queue.delayed(lane)
  return KEYS[2] .. ':delayed:' .. lane
end

function queue.expect()
  for _, lane in ipairs(contract.LANES) do
    store.expect('list', queue.lane(lane))
    store.expect('zset', queue.delayed(lane))
  end
  store.expect('list', queue.processing, queue.wake, queue.quarantined)
  store.expect('zset', queue.requeued)
  store.expect_count(queue.urgent_streak)
end

-- Wakes up to so many workers that sleep on the wake list. A surplus entry costs one claim that finds nothing.
function queue.wake_workers(count)
  local room = MOST_WAKE_CALLS - redis.call('LLEN', queue.wake)
  for _ = 1, math.min(count, room) do
    redis.call('RPUSH', queue.wake, '1')
  end
end

function queue.note_requeued(id)
  redis.call('ZADD', queue.requeued, redis.call('HGET', tickets.key(id), 'received_ms'), id)
end

-- Back to the front of its lane.
function queue.requeue_first(id)
  redis.call('HSET', tickets.key(id), 'status', ticket_status.queued)
  ticket_index.update(id)
  redis.call('LPUSH', queue.lane(redis.call('HGET', tickets.key(id), 'lane')), id)
  queue.note_requeued(id)
end

function queue.end_claim(id)
  redis.call('LREM', queue.processing, 1, id)
  redis.call('DEL', tickets.lock_key(id))
end
