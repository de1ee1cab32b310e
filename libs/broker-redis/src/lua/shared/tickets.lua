-- Records of tickets: their keys, and whether they are sound.
-- uses: lane_name, store, numbers

function tickets.key(id)
  return KEYS[1] .. 'ticket:' .. id
end

function tickets.lock_key(id)
  return KEYS[1] .. 'lock:' .. id
end

function tickets.idempotency_key(name)
  return store.key('idempotency:' .. name)
end

-- Whether these values belong to a sound record. The input must exist as well, but may be too long to read here.
function tickets.are_sound_values(lane, received, attempts, stalls)
  return (lane == lane_name.urgent or lane == lane_name.normal) and received and numbers.is_count(received)
    and numbers.is_count(attempts) and numbers.is_count(stalls)
end

-- Whether a ticket has a sound record in this status.
function tickets.is_sound(id, status)
  if store.type_of(tickets.key(id)) ~= 'hash' then
    return false
  end
  local fields = redis.call('HMGET', tickets.key(id), 'status', 'lane', 'received_ms', 'attempts', 'stalls')
  return fields[1] == status and tickets.are_sound_values(fields[2], fields[3], fields[4], fields[5])
    and redis.call('HEXISTS', tickets.key(id), 'input') == 1
end

-- Whether the lock of a ticket still has this token.
function tickets.is_claimed_by(id, token)
  return redis.call('GET', tickets.lock_key(id)) == token
end
