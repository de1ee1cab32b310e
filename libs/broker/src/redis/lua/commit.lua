-- Writes what was decided about tickets and gives each to an agent or a place in line: of each ticket everything or nothing.
-- ARGV   1 version of the roster that was ranked; 2 number of agents; then (agent, capacity) for each; then the fields below for each ticket
-- reply  {view of the agents or '', reply for each ticket, ...}, each of them {'assigned', agent, decided_ms} |
--        {'waiting', '', decided_ms} | {'already', fields} | {'lease_lost'} | {'stale'}, for which the view is | {'damaged', what}
-- uses: domain, lanes, agents, ranking, outbox, iso-time

-- Where the fields of a ticket stand, from its id on. The event's body ends where status and time belong; for the last two see `choose`.
local TOKEN, CATEGORY, URGENCY, WAIT_KEY, DECISION, EVENT, EVENT_BODY, FACTS, CANDIDATES, BUSY = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
local FIELDS = 11

expect('list', processing)
expect('hash', loads, idle_since)

local first_ticket = read_agents(2)
local is_current = version_now() == ARGV[1]
local now = now_ms()
local at = whole(now)

local locks = {}
for base = first_ticket, #ARGV, FIELDS do
  locks[#locks + 1] = lock_key(ARGV[base])
end
-- A lock that is no text is told as none.
local tokens_held = #locks > 0 and redis.call('MGET', unpack(locks)) or {}

-- What will be written: (key of waiting, id, ...) by agent and by category, and the tickets one by one.
local given, lined_up, plans = {}, {}, {}
local planned = {}
local events_are_sound = false

-- Looks at the ticket whose arguments begin there, and changes nothing. Answers what stops it, or else puts it on the plan.
-- As `is_sound` looks, but with what the commit needs in the same read: this runs for every ticket.
local function plan(base, token_held)
  local id, token, category, event = ARGV[base], ARGV[base + TOKEN], ARGV[base + CATEGORY], ARGV[base + EVENT]
  local ticket = ticket_key(id)
  local found = read('HMGET', ticket, 'token', 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'ranking', 'alerted')
  if found[1] == token then
    return { 'already', redis.call('HGETALL', ticket) }
  end
  local sound = found[2] == 'processing' and are_ours(found[3], found[4], found[5], found[6])
    and redis.call('HEXISTS', ticket, 'input') == 1
  if not sound or token_held ~= token then
    expect('string', lock_key(id))
    return { 'lease_lost' }
  end
  local agent = is_current and choose(ARGV[base + CANDIDATES], ARGV[base + BUSY])
  if not agent then
    return { 'stale' }
  end
  local goes_to = agent == '' and lined_up or given
  local name = agent == '' and category or agent
  if not goes_to[name] then
    expect('zset', agent == '' and line(category) or open_tickets(agent))
  end
  if event ~= '' and not events_are_sound then
    expect_outbox()
    events_are_sound = true
  end
  goes_to[name] = goes_to[name] or {}
  table.insert(goes_to[name], ARGV[base + WAIT_KEY])
  table.insert(goes_to[name], id)
  if agent ~= '' then
    count_given(agent)
  end
  planned[id] = true
  plans[#plans + 1] = { base, agent, found[7], event ~= '' and not found[8] }
  return { agent == '' and 'waiting' or 'assigned', agent, at }
end

local function answer(base, token_held)
  local looked, reply = pcall(plan, base, token_held)
  return looked and reply or { 'damaged', message_of(reply) }
end

local replies, repeats = { '' }, {}
local any_stale = false
for base = first_ticket, #ARGV, FIELDS do
  local number = #replies + 1
  if planned[ARGV[base]] then
    repeats[number] = base
    replies[number] = ''
  else
    replies[number] = answer(base, tokens_held[number - 1])
    any_stale = any_stale or replies[number][1] == 'stale'
  end
end
if any_stale then
  expect('hash', roster, names)
end

for agent, tickets in pairs(given) do
  redis.call('HINCRBY', loads, agent, #tickets / 2)
  redis.call('HSET', idle_since, agent, at)
  redis.call('ZADD', open_tickets(agent), unpack(tickets))
end
for category, tickets in pairs(lined_up) do
  redis.call('ZADD', line(category), unpack(tickets))
end
local done = {}
for _, planned_ticket in ipairs(plans) do
  local base, agent, ranking, alert = unpack(planned_ticket)
  local id = ARGV[base]
  local status = agent == '' and 'waiting' or 'assigned'
  local fields = { 'token', ARGV[base + TOKEN], 'category', ARGV[base + CATEGORY], 'urgency', ARGV[base + URGENCY],
    'wait_key', ARGV[base + WAIT_KEY], 'decision', ARGV[base + DECISION], 'facts', ARGV[base + FACTS],
    'status', status, 'how', agent == '' and 'waiting' or 'ranked', 'decided_ms', at }
  if agent ~= '' then
    table.insert(fields, 'agent')
    table.insert(fields, agent)
  end
  if alert then
    table.insert(fields, 'alerted')
    table.insert(fields, '1')
    local agent_json = agent == '' and 'null' or cjson.encode(agent)
    put_event(ARGV[base + EVENT], ARGV[base + EVENT_BODY] .. '"status":"' .. status .. '","assigned_agent":' .. agent_json
      .. '},"timestamp":"' .. iso_time(now) .. '"}', now, at)
  end
  redis.call('HSET', ticket_key(id), unpack(fields))
  if ranking then
    redis.call('HDEL', ticket_key(id), 'ranking')
  end
  redis.call('LREM', processing, 1, id)
  done[#done + 1] = lock_key(id)
end
if #done > 0 then
  redis.call('DEL', unpack(done))
end
if any_stale then
  replies[1] = view(ARGV[1])
end
-- The same ticket twice in one command: by now it is known what became of it.
for number, base in pairs(repeats) do
  replies[number] = answer(base, false)
end
return replies
