-- Counts the unfinished tickets of trust domains again, some keys at a time: their counts may be wrong after an older version ran beside this one, or
-- for some hours after a failover during a recount. A ticket notes the recount that counted it, so that changes in the meantime count once.
-- args   key_count: about how many keys to scan; pause_ms: until the next recount
-- reply  1 while a recount is in progress, else 0
-- uses: ticket_status, store, clock, numbers, tickets, unfinished

store.allow_writes_when_full()
local recounted = store.key('unfinished:recounted')
if store.type_of(recounted) ~= 'none' then
  return 0
end
store.expect('hash', unfinished.by_domain)

-- Ends the recount: its counts replace the present ones, or are dropped.
local function finish(is_complete)
  local all = redis.call('HGETALL', unfinished.by_domain)
  redis.call('DEL', unfinished.by_domain)
  for i = 1, #all, 2 do
    local mark, domain = string.match(all[i], '^([ +]?)(.*)$')
    if mark == (is_complete and '+' or '') then
      redis.call('HSET', unfinished.by_domain, domain, all[i + 1])
    end
  end
  redis.call('SET', recounted, '1', 'PX', args.pause_ms)
  return 0
end

local state = redis.call('HMGET', unfinished.by_domain, ' round', ' cursor')
local round = state[1] or numbers.whole(clock.now_ms())
local scanned = redis.pcall('SCAN', state[2] or '0', 'MATCH', tickets.key('*'), 'COUNT', args.key_count)
if scanned.err then
  -- The Redis user may not run SCAN.
  return finish(false)
end

local found = {}
for _, name in ipairs(scanned[2]) do
  local fields = redis.pcall('HMGET', name, 'status', 'source', 'bytes', 'counted')
  if fields.err then
    -- It may be a counted ticket, which counts again once its record is repaired.
    return finish(false)
  end
  local status, domain = fields[1], unfinished.domain_in(fields[2])
  if domain and status and status ~= ticket_status.completed and status ~= ticket_status.dead and fields[4] ~= round then
    redis.call('HSET', name, 'counted', round)
    found[domain] = found[domain] or { count = 0, bytes = 0 }
    found[domain].count = found[domain].count + 1
    found[domain].bytes = found[domain].bytes + numbers.count_of(fields[3])
  end
end
for domain, more in pairs(found) do
  unfinished.add_to_recount(domain, more.count, more.bytes)
end

if scanned[1] == '0' then
  return finish(true)
end
redis.call('HSET', unfinished.by_domain, ' round', round, ' cursor', scanned[1])
return 1
