-- Lets tickets in: new ones up to the bound, repeated ones once.
-- ARGV   most unfinished tickets; life of an idempotency key and of a key of duplicates, in ms; then for each ticket:
--        id, idempotency key or '', key of duplicates or '', hash of subject and text, lane, the urgency that chose it, what the client sent (JSON)
-- reply  for each ticket: {'accepted', received_ms} | {'repeated', id, fields} | {'conflict', id} | {'full'} | {'damaged'}
-- uses: domain, lanes, dead

expect('list', lane_list('urgent'), lane_list('normal'), wake)
expect_count(unfinished)

local FIELDS = 7
local now = now_ms()
local room = tonumber(ARGV[1]) - number_at(unfinished)
local replies = {}
local taken = { urgent = {}, normal = {} }

-- Answers also whether the key of duplicates may be written: not over a value that is not ours, which is no reason to lose a ticket.
local function known_ticket(id, idempotency, duplicate)
  if idempotency ~= '' then
    local kind = type_of(idempotency_key(idempotency))
    if kind == 'string' then
      local first = redis.call('GET', idempotency_key(idempotency))
      if type_of(ticket_key(first)) ~= 'none' then
        return first
      end
    elseif kind ~= 'none' then
      return nil
    end
  elseif duplicate ~= '' then
    local first = redis.pcall('GET', duplicate_key(duplicate))
    if type(first) == 'table' then
      return id, false
    elseif first and type_of(ticket_key(first)) ~= 'none' then
      return first
    end
  end
  return id, true
end

for i = 4, #ARGV, FIELDS do
  local id, idempotency, duplicate, content_hash = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known, may_mark = known_ticket(id, idempotency, duplicate)
  local kind = known and type_of(ticket_key(known))
  if kind == 'hash' then
    if redis.call('HGET', ticket_key(known), 'content_hash') == content_hash then
      replies[#replies + 1] = { 'repeated', known, redis.call('HGETALL', ticket_key(known)) }
    else
      replies[#replies + 1] = { 'conflict', known }
    end
  elseif kind ~= 'none' then
    replies[#replies + 1] = { 'damaged' }
  elseif room <= 0 then
    replies[#replies + 1] = { 'full' }
  else
    redis.call('HSET', ticket_key(id), 'status', 'queued', 'received_ms', whole(now), 'content_hash', content_hash,
      'lane', ARGV[i + 4], 'lane_urgency', ARGV[i + 5], 'input', ARGV[i + 6])
    if idempotency ~= '' then
      redis.call('HSET', ticket_key(id), 'idempotency', idempotency)
      redis.call('SET', idempotency_key(idempotency), id, 'PX', ARGV[2])
    elseif duplicate ~= '' and may_mark then
      redis.call('SET', duplicate_key(duplicate), id, 'PX', ARGV[3])
    end
    table.insert(taken[ARGV[i + 4]], id)
    room = room - 1
    replies[#replies + 1] = { 'accepted', whole(now) }
  end
end

for lane, ids in pairs(taken) do
  in_parts('RPUSH', lane_list(lane), ids)
end
local count = #taken.urgent + #taken.normal
if count > 0 then
  redis.call('INCRBY', unfinished, count)
  wake_workers(count)
end
return replies
