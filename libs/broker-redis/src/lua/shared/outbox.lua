-- Events to be delivered: by the moment at which they are due, and what they are. Those of the outbox itself, and those that `fan-out` gave to endpoints.
-- uses: store, numbers

outbox.due = store.key('outbox')
outbox.bodies = store.key('outbox:bodies')
outbox.attempts = store.key('outbox:attempts')
outbox.created = store.key('outbox:created')

function outbox.expect()
  store.expect('zset', outbox.due)
  store.expect('hash', outbox.bodies, outbox.attempts, outbox.created)
end

-- The keys of an endpoint's events; of those of the outbox itself for ''.
function outbox.of(endpoint)
  if endpoint == '' then
    return { due = outbox.due, bodies = outbox.bodies, attempts = outbox.attempts, created = outbox.created }
  end
  return {
    due = store.key('endpoint:due:' .. endpoint),
    bodies = store.key('endpoint:bodies:' .. endpoint),
    attempts = store.key('endpoint:attempts:' .. endpoint),
    created = store.key('endpoint:created:' .. endpoint),
  }
end

function outbox.expect_of(events)
  store.expect('zset', events.due)
  store.expect('hash', events.bodies, events.attempts, events.created)
end

-- Deletes an event.
function outbox.drop(events, id)
  redis.call('ZREM', events.due, id)
  redis.call('HDEL', events.bodies, id)
  redis.call('HDEL', events.attempts, id)
  redis.call('HDEL', events.created, id)
end

-- Adds an event that is due at once.
function outbox.put(id, body, now, created)
  redis.call('ZADD', outbox.due, numbers.whole(now), id)
  redis.call('HSET', outbox.bodies, id, body)
  redis.call('HSET', outbox.created, id, created)
end
