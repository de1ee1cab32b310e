-- Deletes an event that was delivered or given up.
-- args   endpoint: whose event it is, '' for one of the outbox itself
-- uses: outbox
local events = outbox.of(args.endpoint)
outbox.expect_of(events)
outbox.drop(events, args.id)
return {}
