-- Adds or changes an agent and gives its free slots to the first in line that it can take.
-- ARGV   id; profile (JSON: skills, capacity, status); name
-- reply  {load, idle since in ms, what was served, 'more' if there may be more to serve: then the same again, or 'all'}
-- uses: domain, reserve, lanes, agents, slots

local agent = ARGV[1]
expect_agents()
expect_slots(agent)
local now = now_ms()
redis.call('HSET', roster, agent, ARGV[2])
redis.call('HSET', names, agent, ARGV[3])
redis.call('HSETNX', loads, agent, '0')
redis.call('HSETNX', idle_since, agent, whole(now))
next_version()
local served, more = serve(agent, profile_of(agent), now)
return { load_of(agent), redis.call('HGET', idle_since, agent), served, more and 'more' or 'all' }
