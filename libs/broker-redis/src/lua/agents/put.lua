-- Adds or changes an agent and assigns waiting tickets to its free slots.
-- args   profile: JSON of skills, capacity and status
-- reply  {load, idle since in ms, assigned tickets, 'more' if there may be more to assign: then the command is repeated, or 'all'}
-- uses: store, clock, numbers, agents, slots

store.allow_writes_when_full()
local agent = args.id
agents.expect()
slots.expect(agent)
local now = clock.now_ms()
redis.call('HSET', agents.roster, agent, args.profile)
redis.call('HSET', agents.names, agent, args.name)
redis.call('HSETNX', agents.loads, agent, '0')
redis.call('HSETNX', agents.idle_since, agent, numbers.whole(now))
agents.renew_version()
local served, more = slots.assign_waiting(agent, slots.profile_of(agent), now)
return { agents.load_of(agent), redis.call('HGET', agents.idle_since, agent), served, more and 'more' or 'all' }
