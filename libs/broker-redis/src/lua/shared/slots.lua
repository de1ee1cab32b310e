-- Assigning tickets to agents: what is written when one gets a slot or a place in line, and which waiting ticket gets a slot that becomes free.
-- uses: contract, ticket_status, store, numbers, tickets, ticket_index, queue, agents

-- Most tickets assigned to one agent in one command.
local MOST_SERVED = 100

-- An agent's profile; nil if it is corrupt.
local function read_profile(json)
  local parsed, profile = pcall(cjson.decode, json)
  if not parsed or type(profile) ~= 'table' or type(profile.skills) ~= 'table' or type(profile.capacity) ~= 'number' then
    return nil
  end
  return profile
end

-- Which agents have a valid profile. Cached for the command: no command changes the roster after the first use.
local sound_agents

local function find_sound_agents()
  local found = {}
  local flat = redis.call('HGETALL', agents.roster)
  for i = 1, #flat, 2 do
    local profile = read_profile(flat[i + 1])
    if profile then
      found[#found + 1] = { flat[i], profile }
    end
  end
  return found
end

-- The facts of every agent for a category, as JSON: the ranking is computed from them on demand. A corrupt agent is left
-- out, so that the reasons of other assignments stay readable.
function slots.facts(category)
  sound_agents = sound_agents or find_sound_agents()
  local known_loads, idle_times, parts = {}, {}, {}
  local flat = redis.call('HGETALL', agents.loads)
  for i = 1, #flat, 2 do
    known_loads[flat[i]] = flat[i + 1]
  end
  flat = redis.call('HGETALL', agents.idle_since)
  for i = 1, #flat, 2 do
    idle_times[flat[i]] = flat[i + 1]
  end
  for _, agent in ipairs(sound_agents) do
    local id, profile = agent[1], agent[2]
    local load, idle = known_loads[id] or '0', idle_times[id] or '0'
    if numbers.is_count(load) and numbers.is_count(idle) then
      local skill = string.format('%.17g', tonumber(profile.skills[category]) or 0)
      parts[#parts + 1] = '[' .. cjson.encode(id) .. ',' .. skill .. ',' .. numbers.whole(profile.capacity) .. ','
        .. cjson.encode(profile.status) .. ',' .. load .. ',' .. idle .. ']'
    end
  end
  return '[' .. table.concat(parts, ',') .. ']'
end

-- An agent's profile; nil if there is no such agent.
function slots.profile_of(agent)
  local json = redis.call('HGET', agents.roster, agent)
  if not json then
    return nil
  end
  local profile = read_profile(json)
  if not profile then
    store.corrupt(agents.roster, 'has no profile of ' .. agent)
  end
  return profile
end

-- Reserves a slot for a ticket. The caller has checked that one is free.
function slots.reserve(id, agent, how, known_facts, now)
  local ticket = tickets.key(id)
  redis.call('HINCRBY', agents.loads, agent, 1)
  redis.call('HSET', agents.idle_since, agent, numbers.whole(now))
  redis.call('ZADD', agents.open_tickets(agent), agents.wait_key_of(ticket), id)
  redis.call('HSET', ticket, 'status', ticket_status.assigned, 'agent', agent, 'decided_ms', numbers.whole(now), 'facts', known_facts)
  -- An adopted ticket has its reasons in 'ranking'.
  redis.call('HDEL', ticket, 'ranking', 'how')
  if how ~= 'ranked' then
    redis.call('HSET', ticket, 'how', how)
  end
  ticket_index.update(id)
end

-- Takes a ticket from its agent, and frees the slot.
function slots.release(id, agent)
  if redis.call('ZREM', agents.open_tickets(agent), id) == 1 and redis.call('HEXISTS', agents.loads, agent) == 1 then
    redis.call('HINCRBY', agents.loads, agent, -1)
  end
end

-- Puts a ticket in line.
function slots.put_in_line(id, category, known_facts, now)
  local ticket = tickets.key(id)
  redis.call('ZADD', agents.line(category), agents.wait_key_of(ticket), id)
  redis.call('HSET', ticket, 'status', ticket_status.waiting, 'decided_ms', numbers.whole(now), 'facts', known_facts)
  redis.call('HDEL', ticket, 'agent', 'ranking', 'how')
  ticket_index.update(id)
end

-- Checks the keys that `assign_waiting` writes to, before the first write.
function slots.expect(agent)
  store.expect('zset', agents.open_tickets(agent))
  store.expect('list', queue.quarantined)
  agents.load_of(agent)
end

-- Checks them, and the profile that `assign_waiting` reads.
function slots.expect_assignable(agent)
  slots.expect(agent)
  return slots.profile_of(agent)
end

-- Assigns an agent's free slots to the first tickets in line that it can take, up to a bound, so that a long line does not block other commands.
-- Returns the assigned tickets (id, category, urgency, agent, ...), and whether there may be more.
function slots.assign_waiting(agent, profile, now)
  local served, count = {}, 0
  if not profile or profile.status ~= 'available' then
    return served, false
  end
  while count < MOST_SERVED and agents.load_of(agent) < profile.capacity do
    local best, best_key, best_category
    for _, category in ipairs(contract.CATEGORIES) do
      if (tonumber(profile.skills[category]) or 0) > 0 then
        local first = redis.call('ZRANGE', agents.line(category), 0, 0, 'WITHSCORES')
        if first[1] and (not best or tonumber(first[2]) < best_key) then
          best, best_key, best_category = first[1], tonumber(first[2]), category
        end
      end
    end
    if not best then
      break
    end
    redis.call('ZREM', agents.line(best_category), best)
    count = count + 1
    if tickets.is_sound(best, ticket_status.waiting) then
      slots.reserve(best, agent, 'first_in_line', slots.facts(best_category), now)
      local urgency = redis.call('HGET', tickets.key(best), 'urgency') or ''
      for _, part in ipairs({ best, best_category, urgency, agent }) do
        served[#served + 1] = part
      end
    else
      redis.call('RPUSH', queue.quarantined, best)
    end
  end
  return served, count == MOST_SERVED
end

-- Assigns the free slots of all agents. A corrupt agent gets no tickets.
function slots.assign_all_waiting(now)
  local served = {}
  for _, agent in ipairs(redis.call('HKEYS', agents.roster)) do
    local sound, profile = pcall(slots.expect_assignable, agent)
    if sound then
      local parts = slots.assign_waiting(agent, profile, now)
      for _, part in ipairs(parts) do
        served[#served + 1] = part
      end
    end
  end
  return served
end
