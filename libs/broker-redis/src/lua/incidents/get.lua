-- One incident.
-- reply  {JSON} | {}
-- uses: incidents
incidents.expect(args.id)
local json = incidents.json(args.id)
return json and { json .. '}' } or {}
