-- Writes what was decided about tickets and gives each to an agent, a place in line or an incident: of each ticket everything or nothing.
-- ARGV   1 for how long completed tickets are kept, in ms; 2 version of the roster that was ranked; 3 number of agents; then (agent, capacity)
--        for each; then the fields below for each ticket
-- reply  {view of the agents or '', reply for each ticket, ...}, each of them one of
--        {'assigned' | 'waiting' | 'suppressed' | 'completed', agent or '', decided_ms, incident or '', '1' if it is a duplicate}
--        {'already', fields}: this commit was made before
--        {'lease_lost'}
--        {'incident_changed'}: judge again; a doubtful member of a resolved incident was released by this
--        {'stale'}: rank again, by the view
--        {'corrupt', what}
-- uses: domain, reserve, lanes, agents, ranking, unfinished, outbox, iso-time, incidents, members

-- Where the fields of a ticket stand, from its id on. The event's body ends where status, incident and time belong; for the last two see
-- `choose`. INCIDENT is '' where none was relied on; ROUTING is 'routed' or 'suppressed'; MARK is that of a member.
local TOKEN, CATEGORY, URGENCY, WAIT_KEY, DECISION, EVENT, EVENT_BODY = 1, 2, 3, 4, 5, 6, 7
local INCIDENT, EPOCH, SIMILARITY, ROUTING, MARK, FACTS, CANDIDATES, BUSY = 8, 9, 10, 11, 12, 13, 14, 15
local FIELDS = 16

expect('list', processing)
expect('hash', loads, idle_since)

local kept_ms = ARGV[1]
local first_ticket = read_agents(3)
local is_current = version_now() == ARGV[2]
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

-- What is known of the incidents that tickets of this command belong to.
local standing_of = {}

local function standing(id)
  if not standing_of[id] then
    expect_incident(id)
    standing_of[id] = redis.call('HMGET', incident_key(id), 'status', 'epoch', 'representative')
  end
  return unpack(standing_of[id], 1, 3)
end

-- Which incident a ticket belongs to by now, and whether it waits for its end instead of an agent: nil if what was relied on has changed.
local function incident_of(base, linked_to, unlinked_from)
  local relied_on = ARGV[base + INCIDENT]
  if relied_on ~= '' and relied_on == unlinked_from then
    return nil
  end
  local id = relied_on ~= '' and relied_on or linked_to or ''
  if id == '' then
    return '', false
  end
  local status, epoch = standing(id)
  if relied_on ~= '' then
    if epoch ~= ARGV[base + EPOCH] or not (holds_members(status) or status == 'resolved') then
      return nil
    end
    return id, ARGV[base + ROUTING] == 'suppressed', status
  end
  if not holds_members(status) and status ~= 'resolved' then
    return '', false
  end
  return id, false, status
end

-- Looks at the ticket whose arguments begin there, and changes nothing, unless it releases the ticket. Answers what stops it, or else puts it on the plan.
-- As `is_sound` looks, but with what the commit needs in the same read: this runs for every ticket.
local function plan(base, token_held)
  local id, token, category, event = ARGV[base], ARGV[base + TOKEN], ARGV[base + CATEGORY], ARGV[base + EVENT]
  local ticket = ticket_key(id)
  local found = read('HMGET', ticket, 'token', 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'ranking', 'alerted', 'incident',
    'unlinked', 'suspicion', 'always_routed')
  if found[1] == token then
    return { 'already', redis.call('HGETALL', ticket) }
  end
  local sound = found[2] == 'processing' and are_ours(found[3], found[4], found[5], found[6])
    and redis.call('HEXISTS', ticket, 'input') == 1
  if not sound or token_held ~= token then
    expect('string', lock_key(id))
    return { 'lease_lost' }
  end
  local incident, is_suppressed, incident_status = incident_of(base, found[9], found[10])
  if not incident then
    return { 'incident_changed' }
  end
  local agent = is_suppressed and '' or is_current and choose(ARGV[base + CANDIDATES], ARGV[base + BUSY])
  if not agent then
    return { 'stale' }
  end
  -- Members that would only wait for an agent wait for the end of their incident.
  if not is_suppressed and agent == '' and holds_members(incident_status) then
    is_suppressed = not routes(ARGV[base + MARK]) and not found[12] and not has_routed_signal(incident, id)
  end
  local status = agent ~= '' and 'assigned' or is_suppressed and 'suppressed' or 'waiting'
  if status == 'suppressed' and incident_status == 'resolved' then
    local fields = fields_of(incident)
    if fields.complete_doubtful ~= '1' and is_doubtful(ARGV[base + MARK], category, main_categories(fields)) then
      -- It is a member as the others of its kind, and is judged once more, as no part of a storm.
      count_member(incident, id, ARGV[base + SIMILARITY], ARGV[base + MARK], now)
      count_decision(incident, id, mark_in(redis.call('HGET', likeness_of(incident), id)), category, ARGV[base + URGENCY])
      release(incident, id)
      return { 'incident_changed' }
    end
    expect_unfinished()
    status = 'completed'
  end
  if event ~= '' and not events_are_sound then
    expect_outbox()
    events_are_sound = true
  end
  local goes_to = status == 'assigned' and given or status == 'waiting' and lined_up
  if goes_to then
    local name = agent == '' and category or agent
    if not goes_to[name] then
      expect('zset', agent == '' and line(category) or open_tickets(agent))
    end
    -- Nothing stops it any more: what is noted from here on is written.
    goes_to[name] = goes_to[name] or {}
    table.insert(goes_to[name], ARGV[base + WAIT_KEY])
    table.insert(goes_to[name], id)
  end
  if agent ~= '' then
    count_given(agent)
  end
  planned[id] = true
  local duplicate = incident ~= '' and standing_of[incident][3] ~= id and '1' or '0'
  plans[#plans + 1] = {
    base = base, agent = agent, status = status, had_ranking = found[7],
    alert = event ~= '' and not found[8] and not is_suppressed, incident = incident, duplicate = duplicate,
    suspicion = found[11],
  }
  return { status, agent, at, incident, duplicate }
end

local function answer(base, token_held)
  local looked, reply = pcall(plan, base, token_held)
  return looked and reply or { 'corrupt', message_of(reply) }
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
for _, plan in ipairs(plans) do
  local base, agent, status = plan.base, plan.agent, plan.status
  local id = ARGV[base]
  local fields = { 'token', ARGV[base + TOKEN], 'category', ARGV[base + CATEGORY], 'urgency', ARGV[base + URGENCY],
    'wait_key', ARGV[base + WAIT_KEY], 'decision', ARGV[base + DECISION], 'status', status, 'decided_ms', at }
  local function add(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  if status == 'assigned' or status == 'waiting' then
    add('facts', ARGV[base + FACTS])
    add('how', agent == '' and 'waiting' or 'ranked')
  end
  if agent ~= '' then
    add('agent', agent)
  end
  if plan.incident ~= '' then
    add('incident', plan.incident)
    add('duplicate', plan.duplicate)
  end
  if status == 'completed' then
    add('resolution', 'incident')
    add('completed_ms', at)
  end
  if plan.alert then
    add('alerted', '1')
    local agent_json = agent == '' and 'null' or cjson.encode(agent)
    local incident_id = plan.incident == '' and 'null' or cjson.encode(plan.incident)
    put_event(ARGV[base + EVENT], ARGV[base + EVENT_BODY] .. '"status":"' .. status .. '","assigned_agent":' .. agent_json
      .. ',"is_duplicate":' .. (plan.duplicate == '1' and 'true' or 'false') .. ',"master_incident_id":' .. incident_id
      .. '},"timestamp":"' .. iso_time(now) .. '"}', now, at)
  end
  redis.call('HSET', ticket_key(id), unpack(fields))
  if plan.had_ranking then
    redis.call('HDEL', ticket_key(id), 'ranking')
  end
  if plan.suspicion then
    count_in_suspicion(plan.suspicion, id, ARGV[base + CATEGORY], ARGV[base + URGENCY])
  end
  if plan.incident ~= '' then
    count_member(plan.incident, id, ARGV[base + SIMILARITY], ARGV[base + MARK], now)
    redis.call('HSET', incident_key(plan.incident), 'last_member_ms', at)
  end
  if status == 'completed' then
    count_unfinished(id, -1)
    redis.call('PEXPIRE', ticket_key(id), kept_ms)
  end
  redis.call('LREM', processing, 1, id)
  done[#done + 1] = lock_key(id)
end
if #done > 0 then
  redis.call('DEL', unpack(done))
end
if any_stale then
  replies[1] = view(ARGV[2])
end
-- The same ticket twice in one command: by now it is known what became of it.
for number, base in pairs(repeats) do
  replies[number] = answer(base, false)
end
return replies
