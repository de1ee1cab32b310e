-- Forgets an event: delivered, or given up.
-- ARGV   id
-- uses: domain, outbox

expect_outbox()
redis.call('ZREM', outbox, ARGV[1])
redis.call('HDEL', outbox_bodies, ARGV[1])
redis.call('HDEL', outbox_attempts, ARGV[1])
redis.call('HDEL', outbox_created, ARGV[1])
return {}
