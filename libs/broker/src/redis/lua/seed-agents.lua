-- Loads a roster where no agents exist yet, and serves those who wait.
-- ARGV   for each agent: id; profile (JSON: skills, capacity, status); name
-- reply  {'seeded', what was served} | {'not_empty'}
-- uses: domain, lanes, agents

expect_agents()
if redis.call('HLEN', roster) > 0 then
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
redis.call('INCR', roster_version)
local served = {}
for i = 1, #ARGV, 3 do
  for _, part in ipairs(serve(ARGV[i], profile_of(ARGV[i]), now)) do
    served[#served + 1] = part
  end
end
return { 'seeded', served }
