-- The index of tickets: columns of bytes by which lists filter and sort (`ticket-columns.ts` of broker has their meaning). It follows from the records, and
-- no command depends on it: a corrupt or missing key, or a ticket without a number, leaves tickets out of lists and has no other effect.
-- uses: lane_name, store, numbers, tickets, ticket_columns

-- {next: number of the next ticket, first_block: lowest block that has tickets, pruned: number at which `prune-index` goes on}
ticket_index.head = store.key('index')

-- The ids of a block's tickets, by their places.
function ticket_index.ids(block)
  return store.key('index:' .. block .. ':ids')
end

-- The columns of a block, one after the other. Zeros at the end may be missing.
function ticket_index.columns(block)
  return store.key('index:' .. block .. ':columns')
end

-- First block, latest block (-1 for none), and number of the next ticket; nil if the key is corrupt: then new tickets get no number.
function ticket_index.range()
  local found = redis.pcall('HMGET', ticket_index.head, 'first_block', 'next')
  if found.err then
    return nil
  end
  local next_number = math.max(numbers.count_of(found[2]), 0)
  return math.max(numbers.count_of(found[1]), 0), math.ceil(next_number / ticket_columns.BLOCK_SIZE) - 1, next_number
end

-- Block and place in it of a ticket by its number; nil for no number. Without a pattern, which takes longer: this runs for every step of a ticket.
local function place_of(text)
  local number = tonumber(text or '')
  if number and number >= 0 and number < 1e12 and number % 1 == 0 then
    return math.floor(number / ticket_columns.BLOCK_SIZE), number % ticket_columns.BLOCK_SIZE
  end
end

-- A column of a block, from its first byte to the byte before `stop`; nil if the key is corrupt.
function ticket_index.read_column(block, start, stop)
  local found = redis.pcall('GETRANGE', ticket_index.columns(block), start, stop - 1)
  return type(found) == 'string' and found or nil
end

local status_bits = ticket_columns.STATUS_BITS
local category_bits = ticket_columns.CATEGORY_BITS

-- As `stateOf`: 0 of no ticket.
local function state_of(status, category, flags, lane)
  local bits = category_bits[category]
  local last
  if bits then
    last = string.find(flags or '', 'r', 1, true)
  else
    last = lane == lane_name.urgent
  end
  return (status_bits[status] or 0) + (bits or 0) + (last and 1 or 0)
end

local fingerprints = {}

-- As `agentFingerprint`.
local function fingerprint_of(agent)
  if not agent or agent == '' then
    return 0
  end
  local known = fingerprints[agent]
  if not known then
    known = tonumber(string.sub(redis.sha1hex(agent), 1, 8), 16) % 4095 + 1
    fingerprints[agent] = known
  end
  return known
end

-- The bytes of `detailsOf` as a number: urgency, lane, 'automated' and agent.
local function details_of(urgency, lane, flags, agent)
  local score = tonumber(urgency or '') or 0
  local step = score >= 0 and score <= 1 and math.floor(score * 100) + 1 or 1
  local fingerprint = fingerprint_of(agent)
  local flag_bits = (lane == lane_name.urgent and 64 or 0) + (string.find(flags or '', 'a', 1, true) and 32 or 0)
  return step * 65536 + (flag_bits + math.floor(fingerprint / 128)) * 256 + fingerprint % 128
end

-- What `flush` writes, by block: arguments of BITFIELD, four for each value.
local noted = {}
local MOST_WRITTEN = 1000

local function note(block, kind, byte, value)
  local writes = noted[block]
  if not writes then
    writes = {}
    noted[block] = writes
  end
  local count = #writes
  writes[count + 1], writes[count + 2] = 'SET', kind
  writes[count + 3], writes[count + 4] = numbers.whole(byte * 8), numbers.whole(value)
end

-- Notes status and category of a ticket by the values of its record; its lane counts until it is decided, its flags from then on. Written by `flush`.
function ticket_index.note_state(number, status, category, flags, lane)
  local block, at = place_of(number)
  if block then
    note(block, 'u8', at, state_of(status, category, flags, lane))
  end
end

-- Notes urgency, lane, 'automated' and agent of a decided ticket. Written by `flush`.
function ticket_index.note_details(number, urgency, lane, flags, agent)
  local block, at = place_of(number)
  if block then
    note(block, 'u24', ticket_columns.DETAILS_START + at * ticket_columns.DETAILS_WIDTH, details_of(urgency, lane, flags, agent))
  end
end

-- Writes what was noted, a call for each block: calls are what costs, in Redis and in its append-only file.
function ticket_index.flush()
  for block, writes in pairs(noted) do
    for i = 1, #writes, MOST_WRITTEN do
      redis.pcall('BITFIELD', ticket_index.columns(block), unpack(writes, i, math.min(i + MOST_WRITTEN - 1, #writes)))
    end
  end
  noted = {}
end

-- Writes what the record of a ticket says now.
function ticket_index.update(id)
  local found = redis.pcall('HMGET', tickets.key(id), 'number', 'status', 'category', 'flags', 'lane', 'urgency', 'agent')
  ticket_index.note_state(found[1], found[2], found[3], found[4], found[5])
  if found[3] then
    ticket_index.note_details(found[1], found[6], found[5], found[4], found[7])
  end
  ticket_index.flush()
end

-- Forgets a ticket.
function ticket_index.remove(number)
  local block, at = place_of(number)
  if block then
    redis.pcall('SETRANGE', ticket_index.columns(block), at, string.char(0))
  end
end

-- The state of a new ticket, for `append`.
function ticket_index.state_of_new(status, lane)
  return string.char(state_of(status, nil, nil, lane))
end

-- The bytes of the second of this time: as `secondBytes`.
function ticket_index.second_of(received_ms)
  local second, bytes = math.floor(received_ms / 1000), ''
  for _ = 1, ticket_columns.SECOND_WIDTH do
    bytes = string.char(second % 128) .. bytes
    second = math.floor(second / 128)
  end
  return bytes
end

-- Adds new tickets, whose records have the numbers from `first` on.
-- second      bytes of the second of their arrival
-- requesters  bytes of their requesters, one after the other
-- A block whose list has another length than the numbers say (keys were lost, or are
-- corrupt) is left: they get numbers of the next.
function ticket_index.append(first, ids, states, second, requesters)
  local number, done = first, 0
  while done < #ids do
    local block, at = math.floor(number / ticket_columns.BLOCK_SIZE), number % ticket_columns.BLOCK_SIZE
    local stop = math.min(#ids, done + ticket_columns.BLOCK_SIZE - at)
    if redis.pcall('RPUSH', ticket_index.ids(block), unpack(ids, done + 1, stop)) == at + stop - done then
      local columns = ticket_index.columns(block)
      redis.pcall('SETRANGE', columns, at, table.concat(states, '', done + 1, stop))
      redis.pcall('SETRANGE', columns, ticket_columns.SECONDS_START + at * ticket_columns.SECOND_WIDTH, string.rep(second, stop - done))
      redis.pcall('SETRANGE', columns, ticket_columns.REQUESTERS_START + at * ticket_columns.REQUESTER_WIDTH,
        string.sub(requesters, done * ticket_columns.REQUESTER_WIDTH + 1, stop * ticket_columns.REQUESTER_WIDTH))
      if number ~= first + done then
        for i = done + 1, stop do
          redis.call('HSET', tickets.key(ids[i]), 'number', numbers.whole(number + i - done - 1))
        end
      end
      number, done = number + stop - done, stop
    else
      number = (block + 1) * ticket_columns.BLOCK_SIZE
    end
  end
  redis.pcall('HSET', ticket_index.head, 'next', numbers.whole(number))
end
