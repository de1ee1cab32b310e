-- The keys of one routing domain, and the checks that come before any write.
-- KEYS[1]  the domain, for example "{smart-support}:". All keys begin with it, so all of them are in one slot of a cluster.
-- KEYS[2]  the beginning of the queue's own keys, for example "{smart-support}:tickets".
-- uses: numbers

function store.key(name)
  return KEYS[1] .. name
end

function store.type_of(name)
  return redis.call('TYPE', name).ok
end

function store.corrupt(name, what)
  error('CORRUPT ' .. name .. ' ' .. what)
end

-- Raises an error if a key has another type. Called before the first write, because Lua does not roll back.
function store.expect(kind, ...)
  for _, name in ipairs({ ... }) do
    local found = store.type_of(name)
    if found ~= 'none' and found ~= kind then
      store.corrupt(name, 'is a ' .. found .. ' instead of a ' .. kind)
    end
  end
end

-- Reads a key and checks its type in one call.
function store.read(command, name, ...)
  local reply = redis.pcall(command, name, ...)
  if type(reply) == 'table' and reply.err then
    store.corrupt(name, 'has another type')
  end
  return reply
end

-- Runs a command with any number of values in batches: Lua passes fewer than 8,000 at once.
local MOST_PASSED_ON = 1000
function store.call_in_parts(command, name, values)
  for i = 1, #values, MOST_PASSED_ON do
    redis.call(command, name, unpack(values, i, math.min(i + MOST_PASSED_ON - 1, #values)))
  end
end

-- The message of an error that `pcall` caught: a table since Redis 7, a string before.
function store.message_of(failure)
  return type(failure) == 'table' and failure.err or tostring(failure)
end

-- Raises an error if the value of a counter is no whole number.
function store.expect_count(...)
  for _, name in ipairs({ ... }) do
    store.expect('string', name)
    if not numbers.is_count(redis.call('GET', name)) then
      store.corrupt(name, 'is no whole number')
    end
  end
end

function store.number_at(name)
  return tonumber(redis.call('GET', name) or '0') or 0
end

-- Lets a command write although Redis is full (`maxmemory`): tickets inside must be processed, completed and dropped, or no memory is ever
-- freed. Redis refuses the first write of a script if it could take memory, but not the writes after it, and never a removal:
-- so an empty removal comes first, of a key that does not exist. Not for commands that add new tickets: see `byte_budget`.
function store.allow_writes_when_full()
  redis.pcall('SREM', KEYS[1] .. 'absent', '')
end
