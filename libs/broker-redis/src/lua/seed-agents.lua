-- Loads a roster where no agents exist yet, and serves those who wait.
-- ARGV   for each agent: id; profile (JSON: skills, capacity, status); name
-- reply  {'seeded', what was served, agents for whom there may be more} | {'not_empty'}
-- uses: domain, reserve, lanes, agents, slots

expect_agents()
-- A roster that was emptied on purpose stays empty: its version tells it from one that never was.
if redis.call('HLEN', roster) > 0 or redis.call('EXISTS', roster_version) == 1 then
  return { 'not_empty' }
end
local now = now_ms()
for i = 1, #ARGV, 3 do
  expect_slots(ARGV[i])
end
for i = 1, #ARGV, 3 do
  redis.call('HSET', roster, ARGV[i], ARGV[i + 1])
  redis.call('HSET', names, ARGV[i], ARGV[i + 2])
  redis.call('HSETNX', loads, ARGV[i], '0')
  redis.call('HSETNX', idle_since, ARGV[i], whole(now))
end
next_version()
local served, unfinished_agents = {}, {}
for i = 1, #ARGV, 3 do
  local parts, more = serve(ARGV[i], profile_of(ARGV[i]), now)
  for _, part in ipairs(parts) do
    served[#served + 1] = part
  end
  if more then
    unfinished_agents[#unfinished_agents + 1] = ARGV[i]
  end
end
return { 'seeded', served, unfinished_agents }
