-- Writes what was decided about tickets and gives each to an agent or a place in line: of each ticket everything or nothing.
-- ARGV   1 version of the roster that was ranked; 2 number of agents; then (agent, capacity) for each; then for each ticket:
--        id; token; category; urgency; key of waiting; decision (JSON); what was known of the agents (JSON); id of the event that
--        is due or ''; its body, which ends where status and time belong; the ranking (see `choose`)
-- reply  {view of the agents or '', reply for each ticket, ...}, each of them {'assigned', agent, decided_ms} |
--        {'waiting', '', decided_ms} | {'already', fields} | {'lease_lost'} | {'stale'}, for which the view is | {'damaged', what}
-- uses: domain, lanes, agents, ranking, outbox, iso-time

local FIELDS = 11

expect('list', processing)
expect('hash', loads, idle_since)

local first_ticket = read_agents(2)
local is_current = version_now() == ARGV[1]
local now = now_ms()
local at = whole(now)

local locks = {}
for first = first_ticket, #ARGV, FIELDS do
  locks[#locks + 1] = lock_key(ARGV[first])
end
-- A lock that is no text is told as none.
local holders = #locks > 0 and redis.call('MGET', unpack(locks)) or {}

-- What will be written, by agent and by category, and the tickets one by one.
local given, lined_up, plans = {}, {}, {}
local planned = {}
local events_are_sound = false

-- Looks at the ticket whose arguments begin there, and changes nothing. Answers what stops it, or else puts it on the plan.
-- What `is_sound` checks, with one read of the record: this is the command that counts.
local function plan(first, holder)
  local id, token, category, wait_key, event = ARGV[first], ARGV[first + 1], ARGV[first + 2], ARGV[first + 4], ARGV[first + 7]
  local ticket = ticket_key(id)
  local found = read('HMGET', ticket, 'token', 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'ranking', 'alerted')
  if found[1] == token then
    return { 'already', redis.call('HGETALL', ticket) }
  end
  local sound = found[2] == 'processing' and (found[3] == 'urgent' or found[3] == 'normal') and found[4] and is_count(found[4])
    and is_count(found[5]) and is_count(found[6]) and redis.call('HEXISTS', ticket, 'input') == 1
  if not sound or holder ~= token then
    expect('string', lock_key(id))
    return { 'lease_lost' }
  end
  local agent = is_current and choose(ARGV[first + 9], ARGV[first + 10])
  if not agent then
    return { 'stale' }
  end
  local place = agent == '' and lined_up or given
  local who = agent == '' and category or agent
  if not place[who] then
    expect('zset', agent == '' and line(category) or open_tickets(agent))
  end
  if event ~= '' and not events_are_sound then
    expect_outbox()
    events_are_sound = true
  end
  place[who] = place[who] or {}
  table.insert(place[who], wait_key)
  table.insert(place[who], id)
  if agent ~= '' then
    count_given(agent)
  end
  planned[id] = true
  plans[#plans + 1] = { first, agent, found[7], event ~= '' and not found[8] }
  return { agent == '' and 'waiting' or 'assigned', agent, at }
end

local function answer(first, holder)
  local looked, reply = pcall(plan, first, holder)
  return looked and reply or { 'damaged', message_of(reply) }
end

local replies, repeats = { '' }, {}
local any_stale = false
for first = first_ticket, #ARGV, FIELDS do
  local place = #replies + 1
  if planned[ARGV[first]] then
    repeats[place] = first
    replies[place] = ''
  else
    replies[place] = answer(first, holders[place - 1])
    any_stale = any_stale or replies[place][1] == 'stale'
  end
end
if any_stale then
  expect('hash', roster, names)
end

local done = {}
for agent, tickets in pairs(given) do
  redis.call('HINCRBY', loads, agent, #tickets / 2)
  redis.call('HSET', idle_since, agent, at)
  redis.call('ZADD', open_tickets(agent), unpack(tickets))
end
for category, tickets in pairs(lined_up) do
  redis.call('ZADD', line(category), unpack(tickets))
end
for _, planned_ticket in ipairs(plans) do
  local first, agent, ranking, alert = unpack(planned_ticket)
  local id, event = ARGV[first], ARGV[first + 7]
  local ticket = ticket_key(id)
  local status = agent == '' and 'waiting' or 'assigned'
  local fields = { 'token', ARGV[first + 1], 'category', ARGV[first + 2], 'urgency', ARGV[first + 3], 'wait_key', ARGV[first + 4],
    'decision', ARGV[first + 5], 'status', status, 'how', agent == '' and 'waiting' or 'ranked', 'decided_ms', at,
    'facts', ARGV[first + 6] }
  if agent ~= '' then
    table.insert(fields, 'agent')
    table.insert(fields, agent)
  end
  if alert then
    table.insert(fields, 'alerted')
    table.insert(fields, '1')
    local holder = agent == '' and 'null' or '"' .. agent .. '"'
    redis.call('ZADD', outbox, at, event)
    redis.call('HSET', outbox_bodies, event,
      ARGV[first + 8] .. '"status":"' .. status .. '","assigned_agent":' .. holder .. '},"timestamp":"' .. iso_time(now) .. '"}')
    redis.call('HSET', outbox_created, event, at)
  end
  redis.call('HSET', ticket, unpack(fields))
  if ranking then
    redis.call('HDEL', ticket, 'ranking')
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
for place, first in pairs(repeats) do
  replies[place] = answer(first, false)
end
return replies
