-- Unfinished tickets: how many count against the bound of the queue, and against the share of each trust domain.

local unfinished = key('unfinished')

-- The same of each trust domain that tickets came from: '<domain>' counts them, '#<domain>' their bytes, as `bytes_of_ticket` says. While they are counted anew
-- (`recount-domains`): ' round', which one it is, ' cursor', how far it is, and '+<domain>', '+#<domain>', what it has found. A domain has none of these signs.
local unfinished_of_domains = key('unfinished:domains')

-- Of one trust domain, and the recount that is under way, `nil` for none. A number that is corrupt keeps no ticket out.
local function inside_of(domain)
  local found = redis.call('HMGET', unfinished_of_domains, domain, '#' .. domain, ' round')
  return { count = count_of(found[1]), bytes = count_of(found[2]), round = found[3] or nil }
end

local function set_inside(mark, domain, count, bytes)
  if count > 0 then
    redis.call('HSET', unfinished_of_domains, mark .. domain, whole(count), mark .. '#' .. domain, whole(math.max(bytes, 0)))
  else
    redis.call('HDEL', unfinished_of_domains, mark .. domain, mark .. '#' .. domain)
  end
end

-- Adds to what the recount that is under way has found.
local function add_to_recount(domain, change, bytes)
  local found = redis.call('HMGET', unfinished_of_domains, '+' .. domain, '+#' .. domain)
  set_inside('+', domain, count_of(found[1]) + change, count_of(found[2]) + bytes)
end

-- counted_in  the recount that has found these tickets, or finds them with this, if any
local function add_to_domain(domain, change, bytes, counted_in)
  local inside = inside_of(domain)
  set_inside('', domain, inside.count + change, inside.bytes + bytes)
  if inside.round and inside.round == counted_in then
    add_to_recount(domain, change, bytes)
  end
end

-- The trust domain of '<trust domain> <name of the API key>'; nil for no such text.
local function domain_in(source)
  return string.match(source or '', '^(%S*) ')
end

-- Counts a ticket as unfinished (1), or as one no more (-1).
local function count_unfinished(id, change)
  redis.call('INCRBY', unfinished, change)
  local fields = redis.call('HMGET', ticket_key(id), 'source', 'bytes', 'counted')
  local domain = domain_in(fields[1])
  if not domain then
    return
  end
  local counted_in = fields[3]
  if change > 0 then
    -- It may be where the recount has been already.
    counted_in = redis.call('HGET', unfinished_of_domains, ' round')
    if counted_in then
      redis.call('HSET', ticket_key(id), 'counted', counted_in)
    end
  end
  add_to_domain(domain, change, change * count_of(fields[2]), counted_in)
end

local function expect_unfinished()
  expect_count(unfinished)
  expect('hash', unfinished_of_domains)
end
