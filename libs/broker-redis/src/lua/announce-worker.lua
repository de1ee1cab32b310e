-- Says that a worker lives, or takes it off the list.
-- ARGV   id; status (JSON), or '' to leave; for how long it is believed, in ms
-- uses: domain, reserve

local workers, statuses = key('workers'), key('workers:status')
expect('zset', workers)
expect('hash', statuses)
if ARGV[2] == '' then
  redis.call('ZREM', workers, ARGV[1])
  redis.call('HDEL', statuses, ARGV[1])
else
  redis.call('ZADD', workers, whole(now_ms() + tonumber(ARGV[3])), ARGV[1])
  redis.call('HSET', statuses, ARGV[1], ARGV[2])
end
return {}
