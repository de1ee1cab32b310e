-- Everybody who works here.
-- ARGV   version of the roster that the caller knows
-- reply  view: {version, roster, loads, idle times}
-- uses: domain, agents

expect_agents()
return view(ARGV[1])
