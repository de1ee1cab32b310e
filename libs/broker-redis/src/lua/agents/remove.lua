-- Removes an agent that has no open ticket.
-- reply  {'removed'} | {'not_found'} | {'busy'}
-- uses: store, agents

store.allow_writes_when_full()
local agent = args.id
agents.expect()
store.expect('zset', agents.open_tickets(agent))
if redis.call('HEXISTS', agents.roster, agent) == 0 then
  return { 'not_found' }
end
if redis.call('ZCARD', agents.open_tickets(agent)) > 0 then
  return { 'busy' }
end
redis.call('HDEL', agents.roster, agent)
redis.call('HDEL', agents.names, agent)
redis.call('HDEL', agents.loads, agent)
redis.call('HDEL', agents.idle_since, agent)
agents.renew_version()
return { 'removed' }
