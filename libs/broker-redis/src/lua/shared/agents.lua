-- Agents, what is known of them, and the lines of tickets that wait for them. Who is best is not decided here: callers rank
-- (agent-registry), and send the ranking with the version of the roster that it was made from.

local CATEGORIES = { 'Billing', 'Technical', 'Legal' }
local roster = key('agents')
-- Apart from the roster, because tickets keep what was known of the agents, and nobody needs their names there.
local names = key('agents:names')
local roster_version = key('agents:version')
local loads = key('agents:load')
-- Since when each agent has been given nothing, in milliseconds since 1970.
local idle_since = key('agents:idle')

local function line(category)
  return key('waiting:' .. category)
end

-- The open tickets of an agent, by their key of waiting.
local function open_tickets(agent)
  return key('agent:' .. agent .. ':tickets')
end

local function expect_agents()
  expect('hash', roster, names, loads, idle_since)
  expect('string', roster_version)
  expect('zset', line('Billing'), line('Technical'), line('Legal'))
end

-- A version that no life of the store repeats: a counter would begin anew in a store that was emptied, and callers would take
-- another roster for the one that they know.
local function next_version()
  local time = redis.call('TIME')
  redis.call('SET', roster_version, time[1] .. '.' .. time[2])
end

local function version_now()
  return read('GET', roster_version) or '0'
end

-- What a caller needs to rank: version, loads, idle times; the roster itself ('told') only if the caller knows another version.
local function view(known_version)
  local version = version_now()
  local told, profiles, called = 'known', {}, {}
  if version ~= known_version then
    told, profiles, called = 'told', read('HGETALL', roster), read('HGETALL', names)
  end
  return { version, told, profiles, called, read('HGETALL', loads), read('HGETALL', idle_since) }
end

local function load_of(agent)
  local load = redis.call('HGET', loads, agent)
  if not is_count(load) then
    corrupt(loads, 'holds no whole number for ' .. agent)
  end
  return tonumber(load or '0')
end

-- Where a ticket stands in line: by its key, or, should that be corrupt, by its arrival.
local function wait_key_of(ticket)
  local found = redis.call('HMGET', ticket, 'wait_key', 'received_ms')
  return string.match(found[1] or '', '^%-?%d+%.?%d*$') and found[1] or found[2]
end
