-- Writes what was decided about a ticket and gives it to an agent or a place in line: everything or nothing.
-- ARGV   1 id; 2 token; 3 version of the roster that was ranked; 4 category; 5 urgency; 6 key of waiting; 7 decision (JSON);
--        8 what was known of the agents (JSON); 9 id of the event that is due or ''; 10 its body, which ends where status and
--        time belong; 11 number of candidates; then (agent, capacity) for the candidates, best first, and for those without a slot
-- reply  {'assigned', agent, decided_ms, '1' if an event was added} | {'waiting', '', decided_ms, ...} | {'already', fields}
--        | {'lease_lost'} | {'stale', view}
-- uses: domain, lanes, agents, outbox, iso-time

local id, token, category = ARGV[1], ARGV[2], ARGV[4]
local ticket = ticket_key(id)
expect('list', processing)
expect('hash', ticket, loads, idle_since)
expect('string', lock_key(id), roster_version)

-- What `is_sound`, `give` and `line_up` do, with one read and one write of the record: this is the command that counts.
local found = redis.call('HMGET', ticket, 'token', 'status', 'lane', 'received_ms', 'attempts', 'stalls', 'ranking')
if found[1] == token then
  return { 'already', redis.call('HGETALL', ticket) }
end
local sound = found[2] == 'processing' and (found[3] == 'urgent' or found[3] == 'normal') and found[4] and is_count(found[4])
  and is_count(found[5]) and is_count(found[6]) and redis.call('HEXISTS', ticket, 'input') == 1
if not sound or not is_held(id, token) then
  return { 'lease_lost' }
end
local agent = choose(ARGV[3], 12, tonumber(ARGV[11]))
if not agent then
  return { 'stale', view(ARGV[3]) }
end
expect('zset', agent == '' and line(category) or open_tickets(agent))
if ARGV[9] ~= '' then
  expect_outbox()
end

local now = now_ms()
local at = whole(now)
if agent == '' then
  redis.call('ZADD', line(category), ARGV[6], id)
  redis.call('HSET', ticket, 'token', token, 'category', category, 'urgency', ARGV[5], 'wait_key', ARGV[6], 'decision', ARGV[7],
    'status', 'waiting', 'how', 'waiting', 'decided_ms', at, 'facts', ARGV[8])
else
  redis.call('HINCRBY', loads, agent, 1)
  redis.call('HSET', idle_since, agent, at)
  redis.call('ZADD', open_tickets(agent), ARGV[6], id)
  redis.call('HSET', ticket, 'token', token, 'category', category, 'urgency', ARGV[5], 'wait_key', ARGV[6], 'decision', ARGV[7],
    'status', 'assigned', 'agent', agent, 'how', 'ranked', 'decided_ms', at, 'facts', ARGV[8])
end
if found[7] then
  redis.call('HDEL', ticket, 'ranking')
end

local alerted = ''
if ARGV[9] ~= '' and redis.call('HSETNX', ticket, 'alerted', '1') == 1 then
  alerted = '1'
  local status = agent == '' and 'waiting' or 'assigned'
  local holder = agent == '' and 'null' or '"' .. agent .. '"'
  local body = ARGV[10] .. '"status":"' .. status .. '","assigned_agent":' .. holder
    .. '},"timestamp":"' .. iso_time(now) .. '"}'
  redis.call('ZADD', outbox, whole(now), ARGV[9])
  redis.call('HSET', outbox_bodies, ARGV[9], body)
  redis.call('HSET', outbox_created, ARGV[9], whole(now))
end
end_claim(id)
return { agent == '' and 'waiting' or 'assigned', agent, whole(now), alerted }
