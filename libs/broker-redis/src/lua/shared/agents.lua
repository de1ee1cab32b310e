-- Agents, and the lines of tickets that wait for them. Callers rank the agents (agent-registry), and send the ranking with the version of the roster
-- that it was made from.
-- uses: contract, store, numbers

agents.roster = store.key('agents')
-- Apart from the roster, because rankings need no names.
agents.names = store.key('agents:names')
agents.version = store.key('agents:version')
agents.loads = store.key('agents:load')
-- The time of each agent's latest assignment, in milliseconds since 1970.
agents.idle_since = store.key('agents:idle')

function agents.line(category)
  return store.key('waiting:' .. category)
end

-- The open tickets of an agent, by their key of waiting.
function agents.open_tickets(agent)
  return store.key('agent:' .. agent .. ':tickets')
end

function agents.expect_lines()
  for _, category in ipairs(contract.CATEGORIES) do
    store.expect('zset', agents.line(category))
  end
end

function agents.expect()
  store.expect('hash', agents.roster, agents.names, agents.loads, agents.idle_since)
  store.expect('string', agents.version)
  agents.expect_lines()
end

-- A version that is never repeated: a counter would start again in a store that was emptied, and callers would take another roster for the one that
-- they know.
function agents.renew_version()
  local time = redis.call('TIME')
  redis.call('SET', agents.version, time[1] .. '.' .. time[2])
end

function agents.read_version()
  return store.read('GET', agents.version) or '0'
end

-- What a caller needs to rank: version, loads, idle times; the roster itself ('changed') only if the caller has another version.
function agents.view(known_version)
  local version = agents.read_version()
  local state, profiles, called = 'known', {}, {}
  if version ~= known_version then
    state, profiles, called = 'changed', store.read('HGETALL', agents.roster), store.read('HGETALL', agents.names)
  end
  return { version, state, profiles, called, store.read('HGETALL', agents.loads), store.read('HGETALL', agents.idle_since) }
end

function agents.load_of(agent)
  local load = redis.call('HGET', agents.loads, agent)
  if not numbers.is_count(load) then
    store.corrupt(agents.loads, 'has no whole number for ' .. agent)
  end
  return tonumber(load or '0')
end

-- The place of a ticket in line: its key, or its arrival if the key is corrupt.
function agents.wait_key_of(ticket)
  local found = redis.call('HMGET', ticket, 'wait_key', 'received_ms')
  return string.match(found[1] or '', '^%-?%d+%.?%d*$') and found[1] or found[2]
end
