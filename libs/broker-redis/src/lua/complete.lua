-- An agent is done: frees the slot and gives it to the first in line that the agent can take.
-- ARGV   id; corrections (JSON) or ''; for how long the record is kept, in ms
-- reply  {'completed', fields, what was served} | {'repeated', fields} | {'not_found'} | {'not_assigned', status}
-- uses: domain, reserve, lanes, agents, slots, unfinished

local id = ARGV[1]
local ticket = ticket_key(id)
expect_agents()
expect('hash', ticket)
expect_unfinished()

local fields = redis.call('HMGET', ticket, 'status', 'agent')
local status, agent = fields[1], fields[2]
if not status then
  return { 'not_found' }
end
if status == 'completed' then
  return { 'repeated', redis.call('HGETALL', ticket) }
end
if status ~= 'assigned' or not agent then
  return { 'not_assigned', status }
end
local profile = expect_servable(agent)

local now = now_ms()
redis.call('HSET', ticket, 'status', 'completed', 'resolution', 'agent', 'completed_ms', whole(now))
if ARGV[2] ~= '' then
  redis.call('HSET', ticket, 'corrections', ARGV[2])
end
if redis.call('ZREM', open_tickets(agent), id) == 1 and redis.call('HEXISTS', loads, agent) == 1 then
  redis.call('HINCRBY', loads, agent, -1)
end
count_unfinished(id, -1)
redis.call('PEXPIRE', ticket, ARGV[3])
local served = serve(agent, profile, now)
return { 'completed', redis.call('HGETALL', ticket), served }
