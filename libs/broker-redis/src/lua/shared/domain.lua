-- What every command starts from: the keys of one routing domain, the time, and the check that comes before any write.
-- KEYS[1]  the domain, for example "{smart-support}:". All keys begin with it, so all of them are in one slot of a cluster.
-- KEYS[2]  the beginning of the queue's own keys, for example "{smart-support}:tickets".

local function key(name)
  return KEYS[1] .. name
end

local function ticket_key(id)
  return KEYS[1] .. 'ticket:' .. id
end

local function lock_key(id)
  return KEYS[1] .. 'lock:' .. id
end

-- The server's own time in milliseconds: the only clock that gateways and workers share.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- A whole number as text: Lua by itself would round large ones.
local function whole(number)
  return string.format('%.0f', number)
end

local function type_of(name)
  return redis.call('TYPE', name).ok
end

local function corrupt(name, what)
  error('CORRUPT ' .. name .. ' ' .. what)
end

-- Refuses to go on if a key holds something that is not ours. Called before the first write, because Lua does not roll back.
local function expect(kind, ...)
  for _, name in ipairs({ ... }) do
    local found = type_of(name)
    if found ~= 'none' and found ~= kind then
      corrupt(name, 'holds a ' .. found .. ' where a ' .. kind .. ' should be')
    end
  end
end

-- Reads a key in one go with the check of its type.
local function read(command, name, ...)
  local reply = redis.pcall(command, name, ...)
  if type(reply) == 'table' and reply.err then
    corrupt(name, 'holds another kind of value')
  end
  return reply
end

-- Runs a command that takes any number of values, some at a time: Lua passes on less than 8,000 at once.
local MOST_PASSED_ON = 1000
local function in_parts(command, name, values)
  for i = 1, #values, MOST_PASSED_ON do
    redis.call(command, name, unpack(values, i, math.min(i + MOST_PASSED_ON - 1, #values)))
  end
end

-- What went wrong in a `pcall`: a table since Redis 7, a text before.
local function message_of(failure)
  return type(failure) == 'table' and failure.err or tostring(failure)
end

-- What Redis itself can count with: it refuses leading zeros.
local function is_count(text)
  return text == false or text == nil or text == '0' or (string.match(text, '^%-?[1-9]%d*$') ~= nil and #text <= 15)
end

-- The number that a text stands for, where a corrupt one is not worth stopping for.
local function count_of(text)
  return text and is_count(text) and tonumber(text) or 0
end

-- Refuses to go on if a counter holds no whole number.
local function expect_count(...)
  for _, name in ipairs({ ... }) do
    expect('string', name)
    if not is_count(redis.call('GET', name)) then
      corrupt(name, 'holds no whole number')
    end
  end
end

local function number_at(name)
  return tonumber(redis.call('GET', name) or '0') or 0
end
