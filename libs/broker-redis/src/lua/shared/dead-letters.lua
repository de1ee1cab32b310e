-- Dead letters: tickets that failed too often, by the number of their death, up to a bound.
-- uses: ticket_status, store, numbers, tickets, ticket_index, unfinished

dead_letters.all = store.key('dead')
dead_letters.last_number = store.key('deaths')

function dead_letters.expect()
  store.expect('zset', dead_letters.all)
  store.expect_count(dead_letters.last_number)
  unfinished.expect()
end

-- Deletes a ticket and its idempotency key.
function dead_letters.delete_ticket(id)
  local ticket = tickets.key(id)
  if store.type_of(ticket) == 'hash' then
    local found = redis.call('HMGET', ticket, 'idempotency', 'number')
    local name = found[1]
    ticket_index.remove(found[2])
    if name and store.type_of(tickets.idempotency_key(name)) == 'string' and redis.call('GET', tickets.idempotency_key(name)) == id then
      redis.call('DEL', tickets.idempotency_key(name))
    end
  end
  redis.call('DEL', ticket)
end

-- Makes an unclaimed ticket a dead letter. Returns the ids of older ones that were dropped.
function dead_letters.put(id, code, message, now, most)
  redis.call('HSET', tickets.key(id), 'status', ticket_status.dead, 'error_code', code, 'error_message', message, 'died_ms', numbers.whole(now))
  ticket_index.update(id)
  redis.call('ZADD', dead_letters.all, redis.call('INCR', dead_letters.last_number), id)
  unfinished.count(id, -1)
  local lost = {}
  while redis.call('ZCARD', dead_letters.all) > most do
    local oldest = redis.call('ZRANGE', dead_letters.all, 0, 0)[1]
    redis.call('ZREM', dead_letters.all, oldest)
    dead_letters.delete_ticket(oldest)
    lost[#lost + 1] = oldest
  end
  return lost
end
