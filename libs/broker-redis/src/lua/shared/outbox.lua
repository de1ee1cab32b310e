-- Events to be delivered: by the moment at which they are due, and what they are.

local outbox = key('outbox')
local outbox_bodies = key('outbox:bodies')
local outbox_attempts = key('outbox:attempts')
local outbox_created = key('outbox:created')

local function expect_outbox()
  expect('zset', outbox)
  expect('hash', outbox_bodies, outbox_attempts, outbox_created)
end

-- Adds an event that is due at once.
local function put_event(id, body, now, created)
  redis.call('ZADD', outbox, whole(now), id)
  redis.call('HSET', outbox_bodies, id, body)
  redis.call('HSET', outbox_created, id, created)
end
