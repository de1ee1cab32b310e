-- The bytes that new tickets may still take, and what is written for them: these are refused while Redis has no room.

-- What a ticket will take once it is decided: decision, facts, alert, entry of the storm log. Measured: 2 to 4 KB.
local UNDECIDED_BYTES = 4096
-- What a ticket takes beside its texts, and how much more than their length Redis allocates for these, at most.
local RECORD_BYTES, ALLOCATED = 1024, 1.25
-- Asking Redis for its memory takes about as long as accepting a ticket. While more than this is free, which takes longer to fill than the caller
-- takes to look again, its last look is used.
local MUCH = 268435456

-- What the budget leaves, less what is still to come of the tickets inside.
-- most        the budget, '' for none
-- known_free  what it left when the caller looked last, '' if that is not known
local function bytes_left(most, known_free)
  if most == '' then
    return math.huge
  end
  local free = tonumber(known_free)
  local latest_free = free and free - number_at(unfinished) * UNDECIDED_BYTES
  if latest_free and latest_free > MUCH then
    return latest_free
  end
  local info = redis.pcall('INFO', 'memory')
  if type(info) ~= 'string' then
    return math.huge
  end
  local undecided = redis.call('LLEN', processing)
  for _, lane in ipairs(LANES) do
    undecided = undecided + redis.call('LLEN', lane_list(lane)) + redis.call('ZCARD', delayed(lane))
  end
  -- As Redis itself holds it against `maxmemory`.
  local used = string.match(info, 'used_memory:(%d+)') - (string.match(info, 'mem_not_counted_for_evict:(%d+)') or 0)
  return tonumber(most) - used - undecided * UNDECIDED_BYTES
end

-- What is to be free for a ticket whose texts have so many bytes.
local function bytes_of_ticket(length)
  return math.ceil(RECORD_BYTES + UNDECIDED_BYTES + ALLOCATED * length)
end

-- Writes, unless Redis is full: then nothing is written, and `nil` is answered. Only for the first write of a command: see `reserve`.
local function write_if_room(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then
    return reply
  elseif string.find(reply.err, 'OOM', 1, true) then
    return nil
  end
  return redis.call(...)
end
