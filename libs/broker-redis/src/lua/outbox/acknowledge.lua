-- Deletes an event that was delivered or given up.
-- uses: outbox
outbox.expect()
redis.call('ZREM', outbox.due, args.id)
redis.call('HDEL', outbox.bodies, args.id)
redis.call('HDEL', outbox.attempts, args.id)
redis.call('HDEL', outbox.created, args.id)
return {}
