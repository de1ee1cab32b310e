-- Accepts offered tickets: new ones up to the bounds, repeated ones once.
-- arguments  bounds of tickets (queue_max, max_of_domain) and of bytes (max_bytes, known_free_bytes: free at the last check, share_of_bytes; each or '');
--            time to live of an idempotency key and a duplicate key; requesters: bytes of all of them in the index of tickets, one after the other
-- items      name: "idempotency:<key>", "duplicate:<key>" or ''; lane_and_source: '<lane>', with an API key '<lane> <trust domain> <name of the key>'
-- reply      for each: {'accepted', received_ms} | {'repeated', id, fields} | {'conflict', id} | {'full'} | {'full', 'bytes' or 'share'} | {'corrupt'}
-- uses: lane_name, ticket_status, store, clock, numbers, tickets, ticket_columns, ticket_index, queue, unfinished, byte_budget
store.expect('list', queue.lane(lane_name.urgent), queue.lane(lane_name.normal), queue.wake)
unfinished.expect()

local received = numbers.whole(clock.now_ms())
local room = tonumber(ARGV[argument.queue_max]) - store.number_at(unfinished.total)
local bytes = byte_budget.left(ARGV[argument.max_bytes], ARGV[argument.known_free_bytes])
local replies = {}
-- Of the new tickets, in order.
local _, _, first_number = ticket_index.range()
-- Which of the offered tickets they are.
local offered_as = {}
local new_ids, states, is_written = {}, {}, {}
local state_in = {
  urgent = ticket_index.state_of_new(ticket_status.queued, lane_name.urgent),
  normal = ticket_index.state_of_new(ticket_status.queued, lane_name.normal),
}
local taken = { urgent = {}, normal = {} }
local most_of_domain, share_of_bytes = tonumber(ARGV[argument.max_of_domain]), tonumber(ARGV[argument.share_of_bytes])
-- By trust domain: its unfinished tickets and bytes, including the new ones of this command (`new`, `new_bytes`).
local of_domain = {}

-- The ticket that came with an idempotency key; `nil` if the key has a corrupt value.
local function ticket_of_idempotency(name, id)
  local kind = store.type_of(store.key(name))
  if kind == 'string' then
    local first = redis.call('GET', store.key(name))
    return store.type_of(tickets.key(first)) ~= 'none' and first or id
  end
  return kind == 'none' and id or nil
end

-- The ticket that came first with a duplicate key. A corrupt value is left alone: it must not reject a ticket.
local function ticket_of_duplicate(name, id)
  -- One call for most tickets, which come once.
  if byte_budget.write_if_free('SET', store.key(name), id, 'NX', 'PX', ARGV[argument.duplicate_ms]) then
    return id
  end
  local first = redis.pcall('GET', store.key(name))
  if type(first) == 'string' and store.type_of(tickets.key(first)) ~= 'none' then
    return first
  elseif type(first) == 'string' then
    byte_budget.write_if_free('SET', store.key(name), id, 'PX', ARGV[argument.duplicate_ms])
  end
  return id
end

-- Fields that only a ticket with an API key has: written by the command that writes the others.
local function of_source(source, bytes, round)
  if source and round then
    return 'source', source, 'bytes', numbers.whole(bytes), 'counted', round
  elseif source then
    return 'source', source, 'bytes', numbers.whole(bytes)
  end
end

-- One call for a command whose tickets are all new, as most are.
local records = {}
for i = argument.ITEMS, #ARGV, field.COUNT do
  records[#records + 1] = tickets.key(ARGV[i])
end
local MOST_CHECKED = 1000
local are_all_new = #records > 0 and #records <= MOST_CHECKED and redis.call('EXISTS', unpack(records)) == 0

for i = argument.ITEMS, #ARGV, field.COUNT do
  local id, name, content_hash, input = ARGV[i], ARGV[i + field.name], ARGV[i + field.content_hash], ARGV[i + field.input]
  local known, is_idempotency = id, false
  if name ~= '' then
    is_idempotency = string.sub(name, 1, 1) == 'i'
    local first_of = is_idempotency and ticket_of_idempotency or ticket_of_duplicate
    known = first_of(name, id)
  end
  local kind = known and (are_all_new and known == id and not is_written[id] and 'none' or store.type_of(tickets.key(known)))
  local lane, source = ARGV[i + field.lane_and_source], ''
  local space = string.find(lane, ' ', 1, true)
  if space then
    lane, source = string.sub(lane, 1, space - 1), string.sub(lane, space + 1)
  end
  local domain = space and unfinished.domain_in(source)
  local inside = domain and of_domain[domain]
  if domain and not inside then
    inside = unfinished.of_domain(domain)
    inside.new, inside.new_bytes = 0, 0
    of_domain[domain] = inside
  end
  local taking = byte_budget.of_ticket(#id + #name + #input + #source)
  -- A share of the free bytes and of the domain's own: each domain can use a part of the rest, whatever else fills the store.
  local is_share_full = inside and (inside.count >= most_of_domain
    or share_of_bytes and inside.bytes + taking > share_of_bytes * (bytes + inside.bytes))
  if kind == 'hash' then
    if redis.call('HGET', tickets.key(known), 'content_hash') == content_hash then
      replies[#replies + 1] = { 'repeated', known, redis.call('HGETALL', tickets.key(known)) }
    else
      replies[#replies + 1] = { 'conflict', known }
    end
  elseif kind ~= 'none' or room <= 0 or is_share_full or bytes < taking
    or not byte_budget.write_if_free('HSET', tickets.key(id), 'status', ticket_status.queued, 'received_ms', received, 'content_hash', content_hash,
      'lane', lane, 'input', input,
      'number', first_number and numbers.whole(first_number + #new_ids) or '', of_source(space and source, taking, inside and inside.round)) then
    if name ~= '' and not is_idempotency and redis.pcall('GET', store.key(name)) == id then
      redis.call('DEL', store.key(name))
    end
    replies[#replies + 1] = kind ~= 'none' and { 'corrupt' } or room <= 0 and { 'full' } or { 'full', is_share_full and 'share' or 'bytes' }
  else
    if is_idempotency then
      redis.call('HSET', tickets.key(id), 'idempotency', string.sub(name, #'idempotency:' + 1))
      redis.call('SET', store.key(name), id, 'PX', ARGV[argument.idempotency_ms])
    end
    is_written[id] = true
    table.insert(taken[lane], id)
    new_ids[#new_ids + 1] = id
    states[#new_ids], offered_as[#new_ids] = state_in[lane], (i - argument.ITEMS) / field.COUNT
    room, bytes = room - 1, bytes - taking
    if inside then
      inside.count, inside.new = inside.count + 1, inside.new + 1
      inside.bytes, inside.new_bytes = inside.bytes + taking, inside.new_bytes + taking
    end
    replies[#replies + 1] = { 'accepted', received }
  end
end

local function requesters_of_new()
  local all, width = ARGV[argument.requesters], ticket_columns.REQUESTER_WIDTH
  if #new_ids * width == #all then
    return all
  end
  local parts = {}
  for at, offered in ipairs(offered_as) do
    parts[at] = string.sub(all, offered * width + 1, (offered + 1) * width)
  end
  return table.concat(parts)
end

for lane, ids in pairs(taken) do
  store.call_in_parts('RPUSH', queue.lane(lane), ids)
end
local count = #taken.urgent + #taken.normal
if count > 0 then
  if first_number then
    ticket_index.append(first_number, new_ids, states, ticket_index.second_of(received), requesters_of_new())
  end
  redis.call('INCRBY', unfinished.total, count)
  for domain, inside in pairs(of_domain) do
    if inside.new > 0 then
      unfinished.add_to_domain(domain, inside.new, inside.new_bytes, inside.round)
    end
  end
  queue.wake_workers(count)
end
return replies
