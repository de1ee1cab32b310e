-- Everybody who works here.
-- ARGV   version of the roster that the caller knows
-- reply  the view: {version, 'told' or 'known', profiles, names, loads, idle times} (`view` in shared/agents.lua)
-- uses: domain, agents

expect_agents()
return view(ARGV[1])
