-- Commits decisions and gives each ticket an agent, a place in line or an incident: for each ticket everything or nothing.
-- arguments  followed by the number of agents, and (agent, capacity) for each
-- items      flags: letters, those of the record; event_head ends where status, incident and time follow; incident is '' if the decision refers to none; routing
--            is 'routed' or 'suppressed'; mark is that of a member; candidates and busy: see `ranking.choose`
-- reply      {view of the agents or '', reply for each ticket, ...}, each of them one of
--            {'assigned' | 'waiting' | 'suppressed' | 'completed', agent or '', decided_ms, incident or '', '1' if it is a duplicate}
--            {'already', fields}: this commit was made before
--            {'lease_lost'}
--            {'incident_changed'}: judge again; a doubtful member of a resolved incident is requeued by this
--            {'stale'}: rank again, by the view
--            {'corrupt', what}
-- uses: ticket_status, incident_status, store, clock, numbers, tickets, ticket_index, queue, agents, ranking, unfinished, outbox, incidents, members

store.allow_writes_when_full()
store.expect('list', queue.processing)
store.expect('hash', agents.loads, agents.idle_since)

local kept_ms = ARGV[argument.retention_ms]
local first_ticket = ranking.set_agents(ARGV, argument.ITEMS)
local is_current = agents.read_version() == ARGV[argument.roster_version]
local now = clock.now_ms()
local at = numbers.whole(now)

local locks = {}
for base = first_ticket, #ARGV, field.COUNT do
  locks[#locks + 1] = tickets.lock_key(ARGV[base])
end
-- A lock of another type counts as no lock.
local tokens_held = #locks > 0 and redis.call('MGET', unpack(locks)) or {}

-- What is to be written: (key of waiting, id, ...) by agent and by category, and the tickets one by one.
local given, lined_up, plans = {}, {}, {}
local planned = {}
local events_are_sound = false

-- The incidents that tickets of this command refer to.
local standing_of = {}

local function standing(id)
  if not standing_of[id] then
    incidents.expect(id)
    standing_of[id] = redis.call('HMGET', incidents.key(id), 'status', 'epoch', 'representative')
  end
  return unpack(standing_of[id], 1, 3)
end

-- The ticket's current incident, and whether that suppresses it; nil if the incident has changed since the decision.
local function incident_of(base, linked_to, unlinked_from)
  local relied_on = ARGV[base + field.incident]
  if relied_on ~= '' and relied_on == unlinked_from then
    return nil
  end
  local id = relied_on ~= '' and relied_on or linked_to or ''
  if id == '' then
    return '', false
  end
  local status, epoch = standing(id)
  if relied_on ~= '' then
    if epoch ~= ARGV[base + field.epoch] or not (incidents.holds_members(status) or status == incident_status.resolved) then
      return nil
    end
    return id, ARGV[base + field.routing] == ticket_status.suppressed, status
  end
  if not incidents.holds_members(status) and status ~= incident_status.resolved then
    return '', false
  end
  return id, false, status
end

-- Checks the ticket whose arguments begin at `base`, without any write unless it requeues the ticket. Returns the reply that ends its commit, or else plans it.
-- As `is_sound`, but with what the commit needs in the same read: this runs for every ticket.
local function plan(base, token_held)
  local id, token, category, event = ARGV[base], ARGV[base + field.token], ARGV[base + field.category], ARGV[base + field.event_id]
  local ticket = tickets.key(id)
  local found = store.read('HMGET', ticket, 'token', 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'decided_ms', 'alerted', 'incident',
    'unlinked', 'suspected_incident', 'always_routed', 'number')
  if found[1] == token then
    return { 'already', redis.call('HGETALL', ticket) }
  end
  local sound = found[2] == ticket_status.processing and tickets.are_sound_values(found[3], found[4], found[5], found[6])
    and redis.call('HEXISTS', ticket, 'input') == 1
  if not sound or token_held ~= token then
    store.expect('string', tickets.lock_key(id))
    return { 'lease_lost' }
  end
  local incident, is_suppressed, status_of_incident = incident_of(base, found[9], found[10])
  if not incident then
    return { 'incident_changed' }
  end
  local agent = is_suppressed and '' or is_current and ranking.choose(ARGV[base + field.candidates], ARGV[base + field.busy])
  if not agent then
    return { 'stale' }
  end
  -- Members that would only wait for an agent are suppressed.
  if not is_suppressed and agent == '' and incidents.holds_members(status_of_incident) then
    is_suppressed = not members.is_routed(ARGV[base + field.mark]) and not found[12] and not members.has_routed_signal(incident, id)
  end
  local status = agent ~= '' and ticket_status.assigned or is_suppressed and ticket_status.suppressed or ticket_status.waiting
  if status == ticket_status.suppressed and status_of_incident == incident_status.resolved then
    local fields = incidents.fields(incident)
    if fields.complete_doubtful ~= '1' and incidents.is_doubtful(ARGV[base + field.mark], category, incidents.main_categories(fields)) then
      -- A doubtful member is requeued like the others, and judged once more, as no part of a storm.
      members.join(incident, id, ARGV[base + field.similarity], ARGV[base + field.mark], now)
      members.count_decision(incident, id, incidents.mark_in(redis.call('HGET', incidents.similarities(incident), id)), category, ARGV[base + field.urgency])
      members.requeue_doubtful(incident, id)
      return { 'incident_changed' }
    end
    unfinished.expect()
    status = ticket_status.completed
  end
  if event ~= '' and not events_are_sound then
    outbox.expect()
    events_are_sound = true
  end
  local goes_to = status == ticket_status.assigned and given or status == ticket_status.waiting and lined_up
  if goes_to then
    local name = agent == '' and category or agent
    if not goes_to[name] then
      store.expect('zset', agent == '' and agents.line(category) or agents.open_tickets(agent))
    end
    -- All checks have passed: whatever is recorded from here on is written.
    goes_to[name] = goes_to[name] or {}
    table.insert(goes_to[name], ARGV[base + field.wait_key])
    table.insert(goes_to[name], id)
  end
  if agent ~= '' then
    ranking.count_reserved(agent)
  end
  planned[id] = true
  local duplicate = incident ~= '' and standing_of[incident][3] ~= id and '1' or '0'
  plans[#plans + 1] = {
    base = base, agent = agent, status = status, was_decided = found[7],
    alert = event ~= '' and not found[8] and not is_suppressed, incident = incident, duplicate = duplicate,
    suspected_incident = found[11], lane = found[3], number = found[13],
  }
  return { status, agent, at, incident, duplicate }
end

local function answer(base, token_held)
  local looked, reply = pcall(plan, base, token_held)
  return looked and reply or { 'corrupt', store.message_of(reply) }
end

local replies, repeats = { '' }, {}
local any_stale = false
for base = first_ticket, #ARGV, field.COUNT do
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
  store.expect('hash', agents.roster, agents.names)
end

for agent, places in pairs(given) do
  redis.call('HINCRBY', agents.loads, agent, #places / 2)
  redis.call('HSET', agents.idle_since, agent, at)
  redis.call('ZADD', agents.open_tickets(agent), unpack(places))
end
for category, places in pairs(lined_up) do
  redis.call('ZADD', agents.line(category), unpack(places))
end
local done = {}
for _, plan in ipairs(plans) do
  local base, agent, status = plan.base, plan.agent, plan.status
  local id = ARGV[base]
  local fields = { 'token', ARGV[base + field.token], 'category', ARGV[base + field.category], 'urgency', ARGV[base + field.urgency],
    'wait_key', ARGV[base + field.wait_key], 'decision', ARGV[base + field.decision], 'status', status, 'decided_ms', at }
  local function add(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  if status == ticket_status.assigned or status == ticket_status.waiting then
    add('facts', ARGV[base + field.facts])
  end
  if agent ~= '' then
    add('agent', agent)
  end
  if plan.incident ~= '' then
    add('incident', plan.incident)
    add('duplicate', plan.duplicate)
  end
  if status == ticket_status.completed then
    add('resolution', 'incident')
    add('completed_ms', at)
  end
  local flags = ARGV[base + field.flags]
  if flags ~= '' then
    add('flags', flags)
  end
  if plan.alert then
    add('alerted', '1')
    local agent_json = agent == '' and 'null' or cjson.encode(agent)
    local incident_id = plan.incident == '' and 'null' or cjson.encode(plan.incident)
    outbox.put(ARGV[base + field.event_id], ARGV[base + field.event_head] .. '"status":"' .. status .. '","assigned_agent":' .. agent_json
      .. ',"is_duplicate":' .. (plan.duplicate == '1' and 'true' or 'false') .. ',"master_incident_id":' .. incident_id
      .. '},"timestamp":"' .. clock.iso(now) .. '"}', now, at)
  end
  redis.call('HSET', tickets.key(id), unpack(fields))
  if plan.was_decided then
    redis.call('HDEL', tickets.key(id), 'ranking', 'how')
    if flags == '' then
      redis.call('HDEL', tickets.key(id), 'flags')
    end
  end
  ticket_index.note_state(plan.number, status, ARGV[base + field.category], flags)
  ticket_index.note_details(plan.number, ARGV[base + field.urgency], plan.lane, flags, agent)
  if plan.suspected_incident then
    members.count_in_suspected(plan.suspected_incident, id, ARGV[base + field.category], ARGV[base + field.urgency])
  end
  if plan.incident ~= '' then
    members.join(plan.incident, id, ARGV[base + field.similarity], ARGV[base + field.mark], now)
    redis.call('HSET', incidents.key(plan.incident), 'last_member_ms', at)
  end
  if status == ticket_status.completed then
    unfinished.count(id, -1)
    redis.call('PEXPIRE', tickets.key(id), kept_ms)
  end
  redis.call('LREM', queue.processing, 1, id)
  done[#done + 1] = tickets.lock_key(id)
end
if #done > 0 then
  ticket_index.flush()
  redis.call('DEL', unpack(done))
end
if any_stale then
  replies[1] = agents.view(ARGV[argument.roster_version])
end
-- The same ticket twice in one command: the first commit is done by now.
for number, base in pairs(repeats) do
  replies[number] = answer(base, false)
end
return replies
