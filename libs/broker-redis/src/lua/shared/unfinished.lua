-- Unfinished tickets: how many count against the bound of the queue, and against the share of each trust domain.
-- uses: store, numbers, tickets

unfinished.total = store.key('unfinished')

-- By trust domain: '<domain>' counts its tickets, '#<domain>' their bytes (`byte_budget.of_ticket`). During a recount also ' round', which names it,
-- its cursor, and '+<domain>', '+#<domain>', its counts so far. Names of trust domains contain none of these characters.
unfinished.by_domain = store.key('unfinished:domains')

-- The counts of one trust domain, and the recount in progress, if any. A corrupt number counts as 0: it refuses no ticket.
function unfinished.of_domain(domain)
  local found = redis.call('HMGET', unfinished.by_domain, domain, '#' .. domain, ' round')
  return { count = numbers.count_of(found[1]), bytes = numbers.count_of(found[2]), round = found[3] or nil }
end

local function set_counts(prefix, domain, count, bytes)
  if count > 0 then
    redis.call('HSET', unfinished.by_domain, prefix .. domain, numbers.whole(count), prefix .. '#' .. domain,
      numbers.whole(math.max(bytes, 0)))
  else
    redis.call('HDEL', unfinished.by_domain, prefix .. domain, prefix .. '#' .. domain)
  end
end

-- Adds to the counts of the recount in progress.
function unfinished.add_to_recount(domain, change, bytes)
  local found = redis.call('HMGET', unfinished.by_domain, '+' .. domain, '+#' .. domain)
  set_counts('+', domain, numbers.count_of(found[1]) + change, numbers.count_of(found[2]) + bytes)
end

-- recount  the one that has found these tickets, or finds them with this, if any
function unfinished.add_to_domain(domain, change, bytes, recount)
  local inside = unfinished.of_domain(domain)
  set_counts('', domain, inside.count + change, inside.bytes + bytes)
  if inside.round and inside.round == recount then
    unfinished.add_to_recount(domain, change, bytes)
  end
end

-- The trust domain of '<trust domain> <name of the API key>'; nil for no such text.
function unfinished.domain_in(source)
  return string.match(source or '', '^(%S*) ')
end

-- Counts a ticket as unfinished (1), or no longer (-1).
function unfinished.count(id, change)
  redis.call('INCRBY', unfinished.total, change)
  local fields = redis.call('HMGET', tickets.key(id), 'source', 'bytes', 'counted')
  local domain = unfinished.domain_in(fields[1])
  if not domain then
    return
  end
  local recount = fields[3]
  if change > 0 then
    -- The recount may have passed its key already.
    recount = redis.call('HGET', unfinished.by_domain, ' round')
    if recount then
      redis.call('HSET', tickets.key(id), 'counted', recount)
    end
  end
  unfinished.add_to_domain(domain, change, change * numbers.count_of(fields[2]), recount)
end

function unfinished.expect()
  store.expect_count(unfinished.total)
  store.expect('hash', unfinished.by_domain)
end
