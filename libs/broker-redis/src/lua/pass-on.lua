-- Takes an open ticket from an agent who is leaving, to another or into line, in one step.
-- ARGV   1 id; 2 agent who has it; 3 version of the roster that was ranked; 4 category; 5 what was known of the agents (JSON);
--        6 and 7 the ranking (see `choose`); 8 number of agents; then (agent, capacity) for each
-- reply  {'assigned', agent} | {'waiting', ''} | {'gone'} if the agent does not have it any more | {'stale', view}
-- uses: domain, reserve, lanes, agents, ranking, slots

local id, from = ARGV[1], ARGV[2]
local ticket = ticket_key(id)
expect_agents()
expect('hash', ticket)
expect('zset', open_tickets(from))
load_of(from)

local fields = redis.call('HMGET', ticket, 'status', 'agent')
if fields[1] ~= 'assigned' or fields[2] ~= from then
  redis.call('ZREM', open_tickets(from), id)
  return { 'gone' }
end
if not is_sound(id, 'assigned') then
  corrupt(ticket, 'is no record of ours')
end
read_agents(8)
local agent = version_now() == ARGV[3] and choose(ARGV[6], ARGV[7])
if not agent then
  return { 'stale', view(ARGV[3]) }
end
if agent ~= '' then
  expect('zset', open_tickets(agent))
end

local now = now_ms()
redis.call('ZREM', open_tickets(from), id)
redis.call('HINCRBY', loads, from, -1)
if agent == '' then
  line_up(id, ARGV[4], ARGV[5], now)
else
  give(id, agent, 'ranked', ARGV[5], now)
end
return { agent == '' and 'waiting' or 'assigned', agent }
