-- One incident.
-- ARGV   id
-- reply  {JSON} | {}
-- uses: domain, agents, outbox, iso-time, incidents

expect_incident(ARGV[1])
local json = incident_json(ARGV[1])
return json and { json .. '}' } or {}
