-- Events to be delivered: by the moment at which they are due, and what they are.

local outbox = key('outbox')
local outbox_bodies = key('outbox:bodies')
local outbox_attempts = key('outbox:attempts')
local outbox_created = key('outbox:created')

local function expect_outbox()
  expect('zset', outbox)
  expect('hash', outbox_bodies, outbox_attempts, outbox_created)
end

local function settle(id)
  redis.call('ZREM', outbox, id)
  redis.call('HDEL', outbox_bodies, id)
  redis.call('HDEL', outbox_attempts, id)
  redis.call('HDEL', outbox_created, id)
end
