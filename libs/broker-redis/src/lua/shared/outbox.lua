-- Events to be delivered: by the moment at which they are due, and what they are.
-- uses: store, numbers

outbox.due = store.key('outbox')
outbox.bodies = store.key('outbox:bodies')
outbox.attempts = store.key('outbox:attempts')
outbox.created = store.key('outbox:created')

function outbox.expect()
  store.expect('zset', outbox.due)
  store.expect('hash', outbox.bodies, outbox.attempts, outbox.created)
end

-- Adds an event that is due at once.
function outbox.put(id, body, now, created)
  redis.call('ZADD', outbox.due, numbers.whole(now), id)
  redis.call('HSET', outbox.bodies, id, body)
  redis.call('HSET', outbox.created, id, created)
end
