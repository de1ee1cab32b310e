-- All agents.
-- reply  see `agents.view`
-- uses: agents
agents.expect()
return agents.view(args.roster_version)
