-- Members of incidents: how they are counted, and what becomes of their tickets.

-- One ticket speaks for all, and is the only one that is no duplicate.
local function let_speak(id, ticket)
  local before = redis.call('HGET', incident_key(id), 'representative')
  if before == ticket then
    return
  end
  redis.call('HSET', incident_key(id), 'representative', ticket)
  for _, one in ipairs({ before or ticket, ticket }) do
    if type_of(ticket_key(one)) == 'hash' and redis.call('HGET', ticket_key(one), 'incident') == id then
      redis.call('HSET', ticket_key(one), 'duplicate', one == ticket and '0' or '1')
    end
  end
end

-- The member that arrived first becomes the representative, unless a member is.
local function ensure_representative(id)
  local before = redis.call('HGET', incident_key(id), 'representative')
  if before and redis.call('ZSCORE', members_of(id), before) then
    return
  end
  local first = redis.call('ZRANGE', members_of(id), 0, 0)[1]
  if first then
    let_speak(id, first)
  end
end

-- Characters of a hash that are kept: 96 bits.
local HASHED = 24

-- As whose a ticket counts. Requesters are hashed, so that all take the same room and none is named here.
local function requester_of(ticket)
  local read_it, input = pcall(cjson.decode, redis.call('HGET', ticket_key(ticket), 'input') or '')
  local requester = read_it and type(input) == 'table' and (input.requester_key or input.requester)
  return type(requester) == 'string' and 'r:' .. string.sub(redis.sha1hex(requester), 1, HASHED) or 't:' .. ticket
end

-- Counts up or down in a hash, without what is down to nothing. A spoilt number is not worth stopping for: by then others may be written.
local function count_by(name, field, change)
  local count = count_of(redis.call('HGET', name, field)) + change
  if count > 0 then
    redis.call('HSET', name, field, whole(count))
  else
    redis.call('HDEL', name, field)
  end
end

-- Counts a member's category and urgency, once.
local function count_decision(id, ticket, mark, category, urgency_text)
  local urgency = tonumber(urgency_text or '')
  if category and urgency and redis.call('HSETNX', counted_in(id), ticket, category) == 1 then
    count_by(incident_key(id), 'category:' .. category, 1)
    if is_marked(mark) then
      count_by(incident_key(id), 'marked:' .. category, 1)
    end
    if urgency > (tonumber(redis.call('HGET', incident_key(id), 'max_urgency') or '') or 0) then
      redis.call('HSET', incident_key(id), 'max_urgency', urgency_text)
    end
  end
end

-- A member that was named before more was known of it has the letters of another mark from now on, too. Answers the mark that it has.
local function add_to_mark(id, ticket, other)
  local joined = redis.call('HGET', likeness_of(id), ticket)
  local mark, added = mark_in(joined), ''
  for letter in string.gmatch(other, '%a') do
    added = added .. (string.find(mark, letter, 1, true) and '' or letter)
  end
  local similarity, rest = string.match(joined or '', '^(%S+) %S+( .*)$')
  if added == '' or not similarity then
    return mark
  end
  redis.call('HSET', likeness_of(id), ticket, similarity .. ' ' .. mark .. added .. rest)
  if not is_marked(mark) then
    count_by(incident_key(id), 'marked', 1)
    local category = redis.call('HGET', counted_in(id), ticket)
    if category then
      count_by(incident_key(id), 'marked:' .. category, 1)
    end
  end
  return mark .. added
end

-- Takes a ticket in as a member, once; what is known of its category and urgency by now is counted. One that an operator took out stays
-- out: whoever follows the log late would bring it back.
local function count_member(id, ticket, similarity, mark, fallback_ms)
  local known = type_of(ticket_key(ticket)) == 'hash'
  local fields = known and redis.call('HMGET', ticket_key(ticket), 'received_ms', 'category', 'urgency', 'unlinked') or {}
  if fields[4] == id then
    return
  end
  local requester = known and requester_of(ticket) or 't:' .. ticket
  if redis.call('HSETNX', likeness_of(id), ticket, similarity .. ' ' .. mark .. ' ' .. requester) == 1 then
    local received = fields[1] and is_count(fields[1]) and fields[1] or whole(fallback_ms)
    redis.call('ZADD', members_of(id), received, ticket)
    count_by(requesters_of(id), requester, 1)
    if is_marked(mark) then
      count_by(incident_key(id), 'marked', 1)
    end
  else
    mark = add_to_mark(id, ticket, mark)
  end
  count_decision(id, ticket, mark, fields[2], fields[3])
end

-- A member of a suspected incident that is still to be decided about: its commit does not know the incident, and must count what it decides.
local function count_at_commit(id, ticket)
  if type_of(ticket_key(ticket)) == 'hash' and redis.call('HGET', ticket_key(ticket), 'status') == 'processing' then
    redis.call('HSET', ticket_key(ticket), 'suspicion', id)
  end
end

-- What was decided about a ticket counts in the suspected incident that has it; one that is corrupt is no reason not to decide.
local function count_in_suspicion(id, ticket, category, urgency)
  for _, name in ipairs({ incident_key(id), likeness_of(id), counted_in(id) }) do
    local kind = type_of(name)
    if kind ~= 'hash' and kind ~= 'none' then
      return
    end
  end
  local joined = redis.call('HGET', likeness_of(id), ticket)
  if joined then
    count_decision(id, ticket, mark_in(joined), category, urgency)
  end
end

-- The opposite.
local function discount_member(id, ticket)
  redis.call('ZREM', unsettled_of(id), ticket)
  if redis.call('ZREM', members_of(id), ticket) == 0 then
    return
  end
  local joined = redis.call('HGET', likeness_of(id), ticket)
  local requester = string.match(joined or '', '^%S+ %S+ (.*)$')
  local is_doubtful = is_marked(mark_in(joined))
  redis.call('HDEL', likeness_of(id), ticket)
  if is_doubtful then
    count_by(incident_key(id), 'marked', -1)
  end
  count_by(requesters_of(id), requester or 't:' .. ticket, -1)
  local category = redis.call('HGET', counted_in(id), ticket)
  if category then
    redis.call('HDEL', counted_in(id), ticket)
    count_by(incident_key(id), 'category:' .. category, -1)
    if is_doubtful then
      count_by(incident_key(id), 'marked:' .. category, -1)
    end
  end
end

-- Whether a mark says that a member is routed for what it says.
local function routes(mark)
  return string.sub(mark, 1, 1) == '!'
end

-- Whether a member is routed for a severe signal: it is routed, even as a similar ticket.
local function has_routed_signal(id, ticket)
  return routes(mark_in(redis.call('HGET', likeness_of(id), ticket)))
end

-- Whether an incident holds its members; of one that nobody can read, nobody takes any away.
local function is_holding(id)
  local kind = type_of(incident_key(id))
  return kind ~= 'none' and (kind ~= 'hash' or holds_members(redis.call('HGET', incident_key(id), 'status')))
end

-- Takes a ticket out of line; answers whether it stood there.
local function leave_line(ticket)
  local category = redis.call('HGET', ticket_key(ticket), 'category')
  for _, known in ipairs(CATEGORIES) do
    if category == known then
      return redis.call('ZREM', line(known), ticket) == 1
    end
  end
  return false
end

-- Marks a member of an incident that holds them. One that stands in line for an agent is suppressed, unless it says something severe or is always
-- routed; one that was put aside, or is corrupt, goes on waiting. Answers whether it was. A ticket that another incident holds stays there.
local function link(id, ticket)
  local name = ticket_key(ticket)
  if type_of(name) ~= 'hash' then
    return false
  end
  local fields = redis.call('HMGET', name, 'status', 'incident', 'unlinked', 'always_routed')
  local holder = fields[2]
  if not fields[1] or fields[3] == id or (holder and holder ~= id and is_holding(holder)) then
    return false
  end
  local speaks = redis.call('HGET', incident_key(id), 'representative') == ticket
  redis.call('HSET', name, 'incident', id, 'duplicate', speaks and '0' or '1')
  if fields[4] or not is_sound(ticket, 'waiting') or has_routed_signal(id, ticket) or not leave_line(ticket) then
    return false
  end
  redis.call('HSET', name, 'status', 'suppressed')
  return true
end

-- Whether a ticket's record, if there is one, is such that it could be queued again or completed.
local function can_be_let_go(ticket)
  local kind = type_of(ticket_key(ticket))
  if kind ~= 'hash' then
    return kind == 'none'
  end
  local status = redis.call('HGET', ticket_key(ticket), 'status')
  return status and (status ~= 'suppressed' or is_sound(ticket, status))
end

-- Takes the mark off a ticket that can be let go. One that was suppressed goes back to the front of its lane; answers whether it did.
local function unlink(id, ticket)
  local name = ticket_key(ticket)
  if type_of(name) ~= 'hash' or redis.call('HGET', name, 'incident') ~= id then
    return false
  end
  redis.call('HDEL', name, 'incident', 'duplicate')
  if not is_sound(ticket, 'suppressed') then
    return false
  end
  redis.call('HSET', name, 'attempts', '0', 'stalls', '0')
  requeue_first(ticket)
  return true
end

-- A doubtful member of a resolved incident is no part of it any more, and of no storm: it is judged by itself from now on. One that was suppressed goes back
-- to the front of its lane; answers whether it did.
local function release(id, ticket)
  redis.call('HSET', ticket_key(ticket), 'released', id)
  return unlink(id, ticket)
end
