-- Forgets an event: delivered, or given up.
-- ARGV   id
-- uses: domain, outbox

expect_outbox()
settle(ARGV[1])
return {}
