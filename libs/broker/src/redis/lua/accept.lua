-- Lets tickets in: new ones up to the bound, repeated ones once.
-- ARGV   most unfinished tickets; life of an idempotency key in ms; then for each ticket:
--        id, idempotency key or '', hash of the text, lane, urgency at the door, what the client sent (JSON)
-- reply  for each ticket: {'accepted', received_ms} | {'repeated', id, fields} | {'conflict', id} | {'full'} | {'damaged'}
-- uses: domain, lanes, dead

expect('list', lane_list('urgent'), lane_list('normal'), wake)
expect_count(unfinished)

local FIELDS = 6
local now = now_ms()
local room = tonumber(ARGV[1]) - number_at(unfinished)
local replies = {}
local taken = { urgent = {}, normal = {} }

local function known_ticket(id, idempotency)
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
  end
  return id
end

for i = 3, #ARGV, FIELDS do
  local id, idempotency, text_hash = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local known = known_ticket(id, idempotency)
  local kind = known and type_of(ticket_key(known))
  if kind == 'hash' then
    if redis.call('HGET', ticket_key(known), 'text_hash') == text_hash then
      replies[#replies + 1] = { 'repeated', known, redis.call('HGETALL', ticket_key(known)) }
    else
      replies[#replies + 1] = { 'conflict', known }
    end
  elseif kind ~= 'none' then
    replies[#replies + 1] = { 'damaged' }
  elseif room <= 0 then
    replies[#replies + 1] = { 'full' }
  else
    redis.call('HSET', ticket_key(id), 'status', 'queued', 'received_ms', whole(now), 'text_hash', text_hash,
      'lane', ARGV[i + 3], 'lane_urgency', ARGV[i + 4], 'input', ARGV[i + 5])
    if idempotency ~= '' then
      redis.call('HSET', ticket_key(id), 'idempotency', idempotency)
      redis.call('SET', idempotency_key(idempotency), id, 'PX', ARGV[2])
    end
    table.insert(taken[ARGV[i + 3]], id)
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
