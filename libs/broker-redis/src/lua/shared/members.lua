-- Members of incidents: their counts, and the changes of their tickets.
-- uses: contract, ticket_status, store, numbers, tickets, ticket_index, queue, agents, incidents

-- The representative is the only member that is no duplicate.
function members.set_representative(id, ticket)
  local before = redis.call('HGET', incidents.key(id), 'representative')
  if before == ticket then
    return
  end
  redis.call('HSET', incidents.key(id), 'representative', ticket)
  for _, one in ipairs({ before or ticket, ticket }) do
    if store.type_of(tickets.key(one)) == 'hash' and redis.call('HGET', tickets.key(one), 'incident') == id then
      redis.call('HSET', tickets.key(one), 'duplicate', one == ticket and '0' or '1')
    end
  end
end

-- The member that arrived first becomes the representative, unless a member is.
function members.ensure_representative(id)
  local before = redis.call('HGET', incidents.key(id), 'representative')
  if before and redis.call('ZSCORE', incidents.members(id), before) then
    return
  end
  local first = redis.call('ZRANGE', incidents.members(id), 0, 0)[1]
  if first then
    members.set_representative(id, first)
  end
end

-- Length of a requester's hash in characters: 96 bits.
local HASHED = 24

-- The requester of a ticket, hashed: of fixed length, and unreadable in the store.
local function requester_of(ticket)
  local is_json, input = pcall(cjson.decode, redis.call('HGET', tickets.key(ticket), 'input') or '')
  local requester = is_json and type(input) == 'table' and (input.requester_key or input.requester)
  return type(requester) == 'string' and 'r:' .. string.sub(redis.sha1hex(requester), 1, HASHED) or 't:' .. ticket
end

-- Adds to a number in a hash, and deletes it at 0. A corrupt number counts as 0, because other writes may precede.
local function count_by(name, field, change)
  local count = numbers.count_of(redis.call('HGET', name, field)) + change
  if count > 0 then
    redis.call('HSET', name, field, numbers.whole(count))
  else
    redis.call('HDEL', name, field)
  end
end

-- Counts a member's category and urgency, once.
function members.count_decision(id, ticket, mark, category, urgency_text)
  local urgency = tonumber(urgency_text or '')
  if category and urgency and redis.call('HSETNX', incidents.counted(id), ticket, category) == 1 then
    count_by(incidents.key(id), 'category:' .. category, 1)
    if incidents.is_marked(mark) then
      count_by(incidents.key(id), 'marked:' .. category, 1)
    end
    if urgency > (tonumber(redis.call('HGET', incidents.key(id), 'max_urgency') or '') or 0) then
      redis.call('HSET', incidents.key(id), 'max_urgency', urgency_text)
    end
  end
end

-- Merges a mark into that of a member, which may have joined before its signals or category were known. Returns the merged mark.
local function add_to_mark(id, ticket, other)
  local joined = redis.call('HGET', incidents.similarities(id), ticket)
  local mark, added = incidents.mark_in(joined), ''
  for letter in string.gmatch(other, '%a') do
    added = added .. (string.find(mark, letter, 1, true) and '' or letter)
  end
  local similarity, rest = string.match(joined or '', '^(%S+) %S+( .*)$')
  if added == '' or not similarity then
    return mark
  end
  redis.call('HSET', incidents.similarities(id), ticket, similarity .. ' ' .. mark .. added .. rest)
  if not incidents.is_marked(mark) then
    count_by(incidents.key(id), 'marked', 1)
    local category = redis.call('HGET', incidents.counted(id), ticket)
    if category then
      count_by(incidents.key(id), 'marked:' .. category, 1)
    end
  end
  return mark .. added
end

-- Adds a ticket as a member, once, and counts its category and urgency as far as they are known. A ticket that an operator unlinked stays
-- out: a caller that is behind in the log would add it again.
function members.join(id, ticket, similarity, mark, fallback_ms)
  local known = store.type_of(tickets.key(ticket)) == 'hash'
  local fields = known and redis.call('HMGET', tickets.key(ticket), 'received_ms', 'category', 'urgency', 'unlinked') or {}
  if fields[4] == id then
    return
  end
  local requester = known and requester_of(ticket) or 't:' .. ticket
  if redis.call('HSETNX', incidents.similarities(id), ticket, similarity .. ' ' .. mark .. ' ' .. requester) == 1 then
    local received = fields[1] and numbers.is_count(fields[1]) and fields[1] or numbers.whole(fallback_ms)
    redis.call('ZADD', incidents.members(id), received, ticket)
    count_by(incidents.requesters(id), requester, 1)
    if incidents.is_marked(mark) then
      count_by(incidents.key(id), 'marked', 1)
    end
  else
    mark = add_to_mark(id, ticket, mark)
  end
  members.count_decision(id, ticket, mark, fields[2], fields[3])
end

-- An undecided member of a suspected incident: its commit does not refer to the incident, and must count the decision.
function members.count_at_commit(id, ticket)
  if store.type_of(tickets.key(ticket)) == 'hash' and redis.call('HGET', tickets.key(ticket), 'status') == ticket_status.processing then
    redis.call('HSET', tickets.key(ticket), 'suspected_incident', id)
  end
end

-- Counts the decision about a ticket in its suspected incident. A corrupt incident does not prevent the decision.
function members.count_in_suspected(id, ticket, category, urgency)
  for _, name in ipairs({ incidents.key(id), incidents.similarities(id), incidents.counted(id) }) do
    local kind = store.type_of(name)
    if kind ~= 'hash' and kind ~= 'none' then
      return
    end
  end
  local joined = redis.call('HGET', incidents.similarities(id), ticket)
  if joined then
    members.count_decision(id, ticket, incidents.mark_in(joined), category, urgency)
  end
end

-- Removes a ticket from the members and from the counts.
function members.leave(id, ticket)
  redis.call('ZREM', incidents.unsettled_members(id), ticket)
  if redis.call('ZREM', incidents.members(id), ticket) == 0 then
    return
  end
  local joined = redis.call('HGET', incidents.similarities(id), ticket)
  local requester = string.match(joined or '', '^%S+ %S+ (.*)$')
  local has_doubts = incidents.is_marked(incidents.mark_in(joined))
  redis.call('HDEL', incidents.similarities(id), ticket)
  if has_doubts then
    count_by(incidents.key(id), 'marked', -1)
  end
  count_by(incidents.requesters(id), requester or 't:' .. ticket, -1)
  local category = redis.call('HGET', incidents.counted(id), ticket)
  if category then
    redis.call('HDEL', incidents.counted(id), ticket)
    count_by(incidents.key(id), 'category:' .. category, -1)
    if has_doubts then
      count_by(incidents.key(id), 'marked:' .. category, -1)
    end
  end
end

-- Whether a mark shows that a member is routed for a severe signal.
function members.is_routed(mark)
  return string.sub(mark, 1, 1) == '!'
end

-- Whether a member is routed for a severe signal although it is a similar ticket.
function members.has_routed_signal(id, ticket)
  return members.is_routed(incidents.mark_in(redis.call('HGET', incidents.similarities(id), ticket)))
end

-- Whether the members of an incident can join no other. Those of a corrupt one cannot.
local function is_holding(id)
  local kind = store.type_of(incidents.key(id))
  return kind ~= 'none' and (kind ~= 'hash' or incidents.holds_members(redis.call('HGET', incidents.key(id), 'status')))
end

-- Removes a ticket from its waiting line; returns whether it was there.
local function leave_line(ticket)
  local category = redis.call('HGET', tickets.key(ticket), 'category')
  for _, known in ipairs(contract.CATEGORIES) do
    if category == known then
      return redis.call('ZREM', agents.line(known), ticket) == 1
    end
  end
  return false
end

-- Links a member of an incident that suppresses. One that waits for an agent is suppressed, unless it has a severe signal or is always
-- routed; one that is quarantined or corrupt keeps waiting. Returns whether it was suppressed. A ticket of another incident stays there.
function members.link(id, ticket)
  local name = tickets.key(ticket)
  if store.type_of(name) ~= 'hash' then
    return false
  end
  local fields = redis.call('HMGET', name, 'status', 'incident', 'unlinked', 'always_routed')
  local holder = fields[2]
  if not fields[1] or fields[3] == id or (holder and holder ~= id and is_holding(holder)) then
    return false
  end
  local speaks = redis.call('HGET', incidents.key(id), 'representative') == ticket
  redis.call('HSET', name, 'incident', id, 'duplicate', speaks and '0' or '1')
  if fields[4] or not tickets.is_sound(ticket, ticket_status.waiting) or members.has_routed_signal(id, ticket) or not leave_line(ticket) then
    return false
  end
  redis.call('HSET', name, 'status', ticket_status.suppressed)
  ticket_index.update(ticket)
  return true
end

-- Whether a ticket could be requeued or completed: it has a sound record, or none.
function members.can_leave(ticket)
  local kind = store.type_of(tickets.key(ticket))
  if kind ~= 'hash' then
    return kind == 'none'
  end
  local status = redis.call('HGET', tickets.key(ticket), 'status')
  return status and (status ~= ticket_status.suppressed or tickets.is_sound(ticket, status))
end

-- Unlinks a ticket that can leave. A suppressed one is requeued; returns whether it was.
function members.unlink(id, ticket)
  local name = tickets.key(ticket)
  if store.type_of(name) ~= 'hash' or redis.call('HGET', name, 'incident') ~= id then
    return false
  end
  redis.call('HDEL', name, 'incident', 'duplicate')
  if not tickets.is_sound(ticket, ticket_status.suppressed) then
    return false
  end
  redis.call('HSET', name, 'attempts', '0', 'stalls', '0')
  queue.requeue_first(ticket)
  return true
end

-- Unlinks a doubtful member of a resolved incident, which no storm includes from now on.
function members.requeue_doubtful(id, ticket)
  redis.call('HSET', tickets.key(ticket), 'released_from', id)
  return members.unlink(id, ticket)
end
