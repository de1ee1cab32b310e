-- The bytes that new tickets may still take. New tickets are refused while Redis has no space for them.
-- uses: contract, store, queue, unfinished

-- Bytes that a ticket will take once it is decided: decision, facts, alert, entry of the storm log. Measured: 2 to 4 KB.
local UNDECIDED_BYTES = 4096
-- Bytes that a ticket takes beside its texts, and the largest ratio of allocated bytes to the length of a text.
local RECORD_BYTES, ALLOCATED = 1024, 1.25
-- Asking Redis for its memory takes about as long as accepting a ticket. While more than this is free, which takes longer to fill than the
-- interval of the caller's own checks, the caller's latest value is used.
local AMPLE_BYTES = 268435456

-- The free bytes of the budget, less those that the tickets inside will still take.
-- most        the budget, '' for none
-- known_free  the free bytes at the caller's last check, '' if unknown
function byte_budget.left(most, known_free)
  if most == '' then
    return math.huge
  end
  local free = tonumber(known_free)
  local latest_free = free and free - store.number_at(unfinished.total) * UNDECIDED_BYTES
  if latest_free and latest_free > AMPLE_BYTES then
    return latest_free
  end
  local info = redis.pcall('INFO', 'memory')
  if type(info) ~= 'string' then
    return math.huge
  end
  local undecided = redis.call('LLEN', queue.processing)
  for _, lane in ipairs(contract.LANES) do
    undecided = undecided + redis.call('LLEN', queue.lane(lane)) + redis.call('ZCARD', queue.delayed(lane))
  end
  -- As Redis itself compares it with `maxmemory`.
  local used = string.match(info, 'used_memory:(%d+)') - (string.match(info, 'mem_not_counted_for_evict:(%d+)') or 0)
  return tonumber(most) - used - undecided * UNDECIDED_BYTES
end

-- The free bytes that a ticket needs, by the length of its texts.
function byte_budget.of_ticket(length)
  return math.ceil(RECORD_BYTES + UNDECIDED_BYTES + ALLOCATED * length)
end

-- Writes, unless Redis is full: then nothing is written, and `nil` is returned. Only for the first write of a command: see `store.allow_writes_when_full`.
function byte_budget.write_if_free(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then
    return reply
  elseif string.find(reply.err, 'OOM', 1, true) then
    return nil
  end
  return redis.call(...)
end
