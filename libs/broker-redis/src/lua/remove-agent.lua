-- Forgets an agent that has nothing in flight any more.
-- ARGV   agent
-- reply  {'removed'} | {'not_found'} | {'busy'}
-- uses: domain, reserve, agents

local agent = ARGV[1]
expect_agents()
expect('zset', open_tickets(agent))
if redis.call('HEXISTS', roster, agent) == 0 then
  return { 'not_found' }
end
if redis.call('ZCARD', open_tickets(agent)) > 0 then
  return { 'busy' }
end
redis.call('HDEL', roster, agent)
redis.call('HDEL', names, agent)
redis.call('HDEL', loads, agent)
redis.call('HDEL', idle_since, agent)
next_version()
return { 'removed' }
