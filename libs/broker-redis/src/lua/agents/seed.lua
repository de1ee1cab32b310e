-- Loads a roster if there has never been one, and assigns waiting tickets.
-- args   agents: {id, profile (JSON of skills, capacity and status), name} for each
-- reply  {'seeded', assigned tickets, agents for which there may be more} | {'not_empty'}
-- uses: store, clock, numbers, agents, slots

store.allow_writes_when_full()
agents.expect()
-- A roster that was emptied on purpose stays empty: it has a version.
if redis.call('HLEN', agents.roster) > 0 or redis.call('EXISTS', agents.version) == 1 then
  return { 'not_empty' }
end
local now = clock.now_ms()
for _, agent in ipairs(args.agents) do
  slots.expect(agent[1])
end
for _, agent in ipairs(args.agents) do
  local id, profile, name = unpack(agent)
  redis.call('HSET', agents.roster, id, profile)
  redis.call('HSET', agents.names, id, name)
  redis.call('HSETNX', agents.loads, id, '0')
  redis.call('HSETNX', agents.idle_since, id, numbers.whole(now))
end
agents.renew_version()
local served, unfinished_agents = {}, {}
for _, agent in ipairs(args.agents) do
  local id = agent[1]
  local parts, more = slots.assign_waiting(id, slots.profile_of(id), now)
  for _, part in ipairs(parts) do
    served[#served + 1] = part
  end
  if more then
    unfinished_agents[#unfinished_agents + 1] = id
  end
end
return { 'seeded', served, unfinished_agents }
