-- Counts the unfinished tickets of trust domains anew, some keys at a time. Their numbers may be wrong after versions without them worked beside this one, or for
-- some hours after a failover in the midst of a recount. Tickets are marked, so that what changes meanwhile is counted once.
-- ARGV   about how many keys to look at; milliseconds until the next recount
-- reply  1 while one is under way, else 0
-- uses: domain, reserve, unfinished

local recounted = key('unfinished:recounted')
if type_of(recounted) ~= 'none' then
  return 0
end
expect('hash', unfinished_of_domains)

-- Ends the recount: what it found becomes what counts, or is dropped.
local function finish(is_complete)
  local all = redis.call('HGETALL', unfinished_of_domains)
  redis.call('DEL', unfinished_of_domains)
  for i = 1, #all, 2 do
    local mark, domain = string.match(all[i], '^([ +]?)(.*)$')
    if mark == (is_complete and '+' or '') then
      redis.call('HSET', unfinished_of_domains, domain, all[i + 1])
    end
  end
  redis.call('SET', recounted, '1', 'PX', ARGV[2])
  return 0
end

local state = redis.call('HMGET', unfinished_of_domains, ' round', ' cursor')
local round = state[1] or whole(now_ms())
local scanned = redis.pcall('SCAN', state[2] or '0', 'MATCH', ticket_key('*'), 'COUNT', ARGV[1])
if scanned.err then
  -- A user of Redis that may not look.
  return finish(false)
end

local found = {}
for _, name in ipairs(scanned[2]) do
  local fields = redis.pcall('HMGET', name, 'status', 'source', 'bytes', 'counted')
  if fields.err then
    -- It may be a ticket that is counted, and will be one again once it is mended.
    return finish(false)
  end
  local status, domain = fields[1], domain_in(fields[2])
  if domain and status and status ~= 'completed' and status ~= 'dead' and fields[4] ~= round then
    redis.call('HSET', name, 'counted', round)
    found[domain] = found[domain] or { count = 0, bytes = 0 }
    found[domain].count = found[domain].count + 1
    found[domain].bytes = found[domain].bytes + count_of(fields[3])
  end
end
for domain, more in pairs(found) do
  add_to_recount(domain, more.count, more.bytes)
end

if scanned[1] == '0' then
  return finish(true)
end
redis.call('HSET', unfinished_of_domains, ' round', round, ' cursor', scanned[1])
return 1
