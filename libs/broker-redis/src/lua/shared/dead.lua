-- Dead letters: tickets that failed too often, by the number of their death, up to a bound.

local dead = key('dead')
local deaths = key('deaths')
local function idempotency_key(name)
  return key('idempotency:' .. name)
end

local function expect_dead()
  expect('zset', dead)
  expect_count(deaths)
  expect_unfinished()
end

-- Drops all that is known of a ticket.
local function forget(id)
  local ticket = ticket_key(id)
  if type_of(ticket) == 'hash' then
    local name = redis.call('HGET', ticket, 'idempotency')
    if name and type_of(idempotency_key(name)) == 'string' and redis.call('GET', idempotency_key(name)) == id then
      redis.call('DEL', idempotency_key(name))
    end
  end
  redis.call('DEL', ticket)
end

-- Buries a ticket that nobody holds any more. Answers the ids of older dead letters that had to make room.
local function bury(id, code, message, now, most)
  redis.call('HSET', ticket_key(id), 'status', 'dead', 'error_code', code, 'error_message', message, 'died_ms', whole(now))
  redis.call('ZADD', dead, redis.call('INCR', deaths), id)
  count_unfinished(id, -1)
  local lost = {}
  while redis.call('ZCARD', dead) > most do
    local oldest = redis.call('ZRANGE', dead, 0, 0)[1]
    redis.call('ZREM', dead, oldest)
    forget(oldest)
    lost[#lost + 1] = oldest
  end
  return lost
end
