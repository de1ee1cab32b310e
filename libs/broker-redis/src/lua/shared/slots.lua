-- Giving tickets to agents: what is written when one gets a slot or a place in line, and who is served when a slot becomes free.

-- Tickets given to one agent in one command, at most.
local MOST_SERVED = 100

-- An agent's profile; nil if it is not one that we wrote.
local function read_profile(json)
  local parsed, profile = pcall(cjson.decode, json)
  if not parsed or type(profile) ~= 'table' or type(profile.skills) ~= 'table' or type(profile.capacity) ~= 'number' then
    return nil
  end
  return profile
end

-- Which agents have a profile that we wrote. Looked up once in a command: no command changes the roster after asking.
local sound_agents

local function find_sound_agents()
  local found = {}
  local flat = redis.call('HGETALL', roster)
  for i = 1, #flat, 2 do
    local profile = read_profile(flat[i + 1])
    if profile then
      found[#found + 1] = { flat[i], profile }
    end
  end
  return found
end

-- What is known of every agent at this moment that matters for a category, as JSON. Rankings are computed from it when somebody asks why. One agent whose
-- data are corrupt is left out: it must not make the reasons of other people's tickets unreadable.
local function facts(category)
  sound_agents = sound_agents or find_sound_agents()
  local load_of, idle_of, parts = {}, {}, {}
  local flat = redis.call('HGETALL', loads)
  for i = 1, #flat, 2 do
    load_of[flat[i]] = flat[i + 1]
  end
  flat = redis.call('HGETALL', idle_since)
  for i = 1, #flat, 2 do
    idle_of[flat[i]] = flat[i + 1]
  end
  for _, agent in ipairs(sound_agents) do
    local id, profile = agent[1], agent[2]
    local load, idle = load_of[id] or '0', idle_of[id] or '0'
    if is_count(load) and is_count(idle) then
      local skill = string.format('%.17g', tonumber(profile.skills[category]) or 0)
      parts[#parts + 1] = '[' .. cjson.encode(id) .. ',' .. skill .. ',' .. whole(profile.capacity) .. ','
        .. cjson.encode(profile.status) .. ',' .. load .. ',' .. idle .. ']'
    end
  end
  return '[' .. table.concat(parts, ',') .. ']'
end

-- An agent's profile; nil for nobody.
local function profile_of(agent)
  local json = redis.call('HGET', roster, agent)
  if not json then
    return nil
  end
  local profile = read_profile(json)
  if not profile then
    corrupt(roster, 'holds no profile for ' .. agent)
  end
  return profile
end

-- Takes a slot and writes the ticket down to its agent. Whether there is a slot was checked by the caller.
local function give(id, agent, how, known_facts, now)
  local ticket = ticket_key(id)
  redis.call('HINCRBY', loads, agent, 1)
  redis.call('HSET', idle_since, agent, whole(now))
  redis.call('ZADD', open_tickets(agent), wait_key_of(ticket), id)
  redis.call('HSET', ticket, 'status', 'assigned', 'agent', agent, 'how', how, 'decided_ms', whole(now), 'facts', known_facts)
  -- The reasons that an adopted ticket came with are history.
  redis.call('HDEL', ticket, 'ranking')
end

-- Puts a ticket in line.
local function line_up(id, category, known_facts, now)
  local ticket = ticket_key(id)
  redis.call('ZADD', line(category), wait_key_of(ticket), id)
  redis.call('HSET', ticket, 'status', 'waiting', 'how', 'waiting', 'decided_ms', whole(now), 'facts', known_facts)
  redis.call('HDEL', ticket, 'agent', 'ranking')
end

-- What `serve` writes to, checked before the first write.
local function expect_slots(agent)
  expect('zset', open_tickets(agent))
  expect('list', quarantined)
  load_of(agent)
end

-- The same, and the profile that it reads.
local function expect_servable(agent)
  expect_slots(agent)
  return profile_of(agent)
end

-- Gives an agent's free slots to the first in line that it can take, up to a bound: a long line must not hold up everybody else.
-- Answers what was given (id, category, urgency, agent, ...), and whether there may be more to give.
local function serve(agent, profile, now)
  local served, count = {}, 0
  if not profile or profile.status ~= 'available' then
    return served, false
  end
  while count < MOST_SERVED and load_of(agent) < profile.capacity do
    local best, best_key, best_category
    for _, category in ipairs(CATEGORIES) do
      if (tonumber(profile.skills[category]) or 0) > 0 then
        local first = redis.call('ZRANGE', line(category), 0, 0, 'WITHSCORES')
        if first[1] and (not best or tonumber(first[2]) < best_key) then
          best, best_key, best_category = first[1], tonumber(first[2]), category
        end
      end
    end
    if not best then
      break
    end
    redis.call('ZREM', line(best_category), best)
    count = count + 1
    if is_sound(best, 'waiting') then
      give(best, agent, 'first_in_line', facts(best_category), now)
      local urgency = redis.call('HGET', ticket_key(best), 'urgency') or ''
      for _, part in ipairs({ best, best_category, urgency, agent }) do
        served[#served + 1] = part
      end
    else
      redis.call('RPUSH', quarantined, best)
    end
  end
  return served, count == MOST_SERVED
end

-- Serves everybody who can be served. An agent whose data are corrupt gets nothing, and is in nobody's way.
local function serve_everybody(now)
  local served = {}
  for _, agent in ipairs(redis.call('HKEYS', roster)) do
    local sound, profile = pcall(expect_servable, agent)
    if sound then
      local parts = serve(agent, profile, now)
      for _, part in ipairs(parts) do
        served[#served + 1] = part
      end
    end
  end
  return served
end
