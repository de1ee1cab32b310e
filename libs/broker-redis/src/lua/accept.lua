-- Lets tickets in: new ones up to the bound, repeated ones once.
-- ARGV   most unfinished tickets; life of an idempotency key and of a key of duplicates, in ms; most bytes, and how many of them were free when the
--        caller looked last, each or ''; most unfinished tickets of one trust domain, and its share of the bytes or ''; then for each ticket:
--        id, its other name ("idempotency:<key>" or "duplicate:<key>") or '', hash of subject and text, lane or where it came with an API key
--        '<lane> <trust domain> <name of the key>', the urgency that chose the lane, what the client sent (JSON)
-- reply  for each ticket: {'accepted', received_ms} | {'repeated', id, fields} | {'conflict', id} | {'full'} | {'full', 'bytes' or 'share'} | {'corrupt'}
-- uses: domain, lanes, unfinished, room

expect('list', lane_list('urgent'), lane_list('normal'), wake)
expect_unfinished()

local FIELDS = 6
local received = whole(now_ms())
local room = tonumber(ARGV[1]) - number_at(unfinished)
local bytes = bytes_left(ARGV[4], ARGV[5])
local replies = {}
local taken = { urgent = {}, normal = {} }
local most_of_domain, share_of_bytes = tonumber(ARGV[6]), tonumber(ARGV[7])
-- Of each trust domain that is looked at here: what it has inside, what is new of that (`new`, `new_bytes`) included.
local of_domain = {}

-- The ticket that came with an idempotency key; `nil` if the key holds something that is not ours.
local function ticket_of_idempotency(name, id)
  local kind = type_of(key(name))
  if kind == 'string' then
    local first = redis.call('GET', key(name))
    return type_of(ticket_key(first)) ~= 'none' and first or id
  end
  return kind == 'none' and id or nil
end

-- The ticket that came first with a key of duplicates. A value that is not ours is left alone, and is no reason to lose a ticket.
local function ticket_of_duplicate(name, id)
  -- In one call for the many that come once.
  if write_if_room('SET', key(name), id, 'NX', 'PX', ARGV[3]) then
    return id
  end
  local first = redis.pcall('GET', key(name))
  if type(first) == 'string' and type_of(ticket_key(first)) ~= 'none' then
    return first
  elseif type(first) == 'string' then
    write_if_room('SET', key(name), id, 'PX', ARGV[3])
  end
  return id
end

-- Fields that only a ticket with an API key has: in the one command that writes the others.
local function of_source(source, bytes, round)
  if source and round then
    return 'source', source, 'bytes', whole(bytes), 'counted', round
  elseif source then
    return 'source', source, 'bytes', whole(bytes)
  end
end

for i = 8, #ARGV, FIELDS do
  local id, name, content_hash = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known, is_idempotency = id, false
  if name ~= '' then
    is_idempotency = string.sub(name, 1, 1) == 'i'
    local first_of = is_idempotency and ticket_of_idempotency or ticket_of_duplicate
    known = first_of(name, id)
  end
  local kind = known and type_of(ticket_key(known))
  local lane, source = ARGV[i + 3], ''
  local space = string.find(lane, ' ', 1, true)
  if space then
    lane, source = string.sub(lane, 1, space - 1), string.sub(lane, space + 1)
  end
  local domain = space and domain_in(source)
  local inside = domain and of_domain[domain]
  if domain and not inside then
    inside = inside_of(domain)
    inside.new, inside.new_bytes = 0, 0
    of_domain[domain] = inside
  end
  local taking = bytes_of_ticket(#id + #name + #ARGV[i + 5] + #source)
  -- Of what is free and what the domain has itself: whatever else fills the store, each domain finds a part of what is left.
  local is_share_full = inside and (inside.count >= most_of_domain
    or share_of_bytes and inside.bytes + taking > share_of_bytes * (bytes + inside.bytes))
  if kind == 'hash' then
    if redis.call('HGET', ticket_key(known), 'content_hash') == content_hash then
      replies[#replies + 1] = { 'repeated', known, redis.call('HGETALL', ticket_key(known)) }
    else
      replies[#replies + 1] = { 'conflict', known }
    end
  elseif kind ~= 'none' or room <= 0 or is_share_full or bytes < taking
    or not write_if_room('HSET', ticket_key(id), 'status', 'queued', 'received_ms', received, 'content_hash', content_hash,
      'lane', lane, 'lane_urgency', ARGV[i + 4], 'input', ARGV[i + 5], of_source(space and source, taking, inside and inside.round)) then
    if name ~= '' and not is_idempotency and redis.pcall('GET', key(name)) == id then
      redis.call('DEL', key(name))
    end
    replies[#replies + 1] = kind ~= 'none' and { 'corrupt' } or room <= 0 and { 'full' } or { 'full', is_share_full and 'share' or 'bytes' }
  else
    if is_idempotency then
      redis.call('HSET', ticket_key(id), 'idempotency', string.sub(name, #'idempotency:' + 1))
      redis.call('SET', key(name), id, 'PX', ARGV[2])
    end
    table.insert(taken[lane], id)
    room, bytes = room - 1, bytes - taking
    if inside then
      inside.count, inside.new = inside.count + 1, inside.new + 1
      inside.bytes, inside.new_bytes = inside.bytes + taking, inside.new_bytes + taking
    end
    replies[#replies + 1] = { 'accepted', received }
  end
end

for lane, ids in pairs(taken) do
  in_parts('RPUSH', lane_list(lane), ids)
end
local count = #taken.urgent + #taken.normal
if count > 0 then
  redis.call('INCRBY', unfinished, count)
  for domain, inside in pairs(of_domain) do
    if inside.new > 0 then
      add_to_domain(domain, inside.new, inside.new_bytes, inside.round)
    end
  end
  wake_workers(count)
end
return replies
