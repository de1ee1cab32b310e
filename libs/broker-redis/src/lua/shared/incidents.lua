-- Incidents: their records and their events. Which tickets belong together is decided by callers that follow the storm log (storm), or by
-- an operator.
-- uses: contract, incident_status, store, clock, numbers, outbox

-- All incidents, by their numbers.
incidents.all = store.key('incidents')
incidents.last_number = store.key('incidents:count')
-- Incidents that may still grow, and those with members to be settled after a change of their status.
incidents.growing = store.key('incidents:growing')
incidents.unsettled = store.key('incidents:unsettled')
-- Dropped suspected incidents, by time: a caller that is behind in the log must not write them again. No caller is a day behind.
incidents.gone = store.key('incidents:gone')
local GONE_MS = 86400000
-- Settled incidents that have ended, by the time at which their keys are dropped: an expiring large key would block Redis while it is freed.
incidents.ended = store.key('incidents:ended')

function incidents.key(id)
  return store.key('incident:' .. id)
end

-- Members by arrival.
function incidents.members(id)
  return store.key('incident:' .. id .. ':members')
end

-- How each joined: its similarity to the incident, its mark (`storm-log/member-mark.ts`: '!' if it is routed for a severe signal or else '-', then letters
-- for its doubts), and its requester. All that is needed when it leaves: its own record may have expired by then.
function incidents.similarities(id)
  return store.key('incident:' .. id .. ':similarity')
end

-- Number of members by requester; members without one count as one each.
function incidents.requesters(id)
  return store.key('incident:' .. id .. ':requesters')
end

-- Members whose category and urgency were counted, with the counted values.
function incidents.counted(id)
  return store.key('incident:' .. id .. ':counted')
end

-- Members that could not be settled because their records are corrupt.
function incidents.unsettled_members(id)
  return store.key('incident:' .. id .. ':unsettled')
end

function incidents.expect_all()
  store.expect('zset', incidents.all, incidents.gone, incidents.ended)
  store.expect('set', incidents.growing, incidents.unsettled)
  store.expect_count(incidents.last_number)
end

-- The keys that are dropped with an incident.
function incidents.keys_of(id)
  return {
    incidents.key(id), incidents.members(id), incidents.similarities(id), incidents.requesters(id), incidents.counted(id),
    incidents.unsettled_members(id),
  }
end

function incidents.remember_gone(id, now)
  redis.call('ZREMRANGEBYSCORE', incidents.gone, '-inf', now - GONE_MS)
  redis.call('ZADD', incidents.gone, 'NX', now, id)
end

-- Drops a suspected incident that was not confirmed.
function incidents.drop_suspected(id, now)
  redis.call('UNLINK', unpack(incidents.keys_of(id)))
  redis.call('ZREM', incidents.all, id)
  incidents.remember_gone(id, now)
end

function incidents.is_gone(id)
  return redis.call('ZSCORE', incidents.gone, id) and true or false
end

-- `marked` counts members with a doubtful mark, `marked:<category>` those of them whose category was counted.
local function number_fields()
  local found = { 'epoch', 'last_member_ms', 'quiet_ms', 'notified_members', 'marked' }
  for _, category in ipairs(contract.CATEGORIES) do
    found[#found + 1] = 'category:' .. category
    found[#found + 1] = 'marked:' .. category
  end
  return found
end

function incidents.expect(id)
  local name = incidents.key(id)
  store.expect('hash', name, incidents.similarities(id), incidents.requesters(id), incidents.counted(id))
  store.expect('zset', incidents.members(id), incidents.unsettled_members(id))
  for _, number in ipairs(redis.call('HMGET', name, unpack(number_fields()))) do
    if not numbers.is_count(number) then
      store.corrupt(name, 'is no whole number')
    end
  end
  for _, time in ipairs(redis.call('HMGET', name, 'opened_ms', 'closed_ms')) do
    if time ~= '' and not numbers.is_count(time) then
      store.corrupt(name, 'is no time')
    end
  end
end

-- Whether an incident of this status suppresses its members.
function incidents.holds_members(status)
  return status == incident_status.open or status == incident_status.quiet
end

-- Whether an operator may do this with an incident of this status.
function incidents.operator_may(action, status)
  for _, from in ipairs(contract.OPERATOR_ACTIONS[action].from) do
    if status == from then
      return true
    end
  end
  return false
end

-- Whether an incident of this status has ended.
function incidents.is_over(status)
  return status == incident_status.resolved or status == incident_status.rejected
end

-- "name":text or null, as a part of a JSON object.
local function json_text(name, value)
  return '"' .. name .. '":' .. (value and cjson.encode(value) or 'null')
end

local function json_time(name, ms)
  return json_text(name, ms and ms ~= '' and clock.iso(tonumber(ms)))
end

-- The categories that most members have, as a set; those at the time when it was resolved, if it was. As `mainCategories` of broker.
function incidents.main_categories(fields)
  local main, most = {}, 1
  if (fields.main_categories or '') ~= '' then
    for category in string.gmatch(fields.main_categories, '%S+') do
      main[category] = true
    end
    return main
  end
  for _, category in ipairs(contract.CATEGORIES) do
    most = math.max(most, numbers.count_of(fields['category:' .. category]))
  end
  for _, category in ipairs(contract.CATEGORIES) do
    main[category] = numbers.count_of(fields['category:' .. category]) == most or nil
  end
  return main
end

-- The mark in a member's joined value; '-' if there is none.
function incidents.mark_in(joined)
  return string.match(joined or '', '^%S+ ([!-]%a*) ') or '-'
end

-- Whether a mark shows that a member is doubtful.
function incidents.is_marked(mark)
  return #mark > 1
end

-- Whether members with such a mark and category are doubtful.
function incidents.is_doubtful(mark, category, main)
  return incidents.is_marked(mark) or (category and next(main) ~= nil and not main[category]) or false
end

-- All fields of an incident.
function incidents.fields(id)
  local flat, fields = redis.call('HGETALL', incidents.key(id)), {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields
end

-- The number of doubtful members, and what became of the suppressed ones, as a part of a JSON object.
local function json_doubtful(fields)
  local main, count = incidents.main_categories(fields), numbers.count_of(fields.marked)
  for _, category in ipairs(contract.CATEGORIES) do
    if not main[category] then
      count = count + numbers.count_of(fields['category:' .. category]) - numbers.count_of(fields['marked:' .. category])
    end
  end
  local completed = fields.status == incident_status.resolved and tostring(fields.complete_doubtful == '1') or 'null'
  return '"doubtful_members":{"count":' .. numbers.whole(count) .. ',"completed":' .. completed .. '}'
end

-- An incident as clients see it, without the closing bracket; nil if there is none.
function incidents.json(id)
  local fields, counts = incidents.fields(id), {}
  if next(fields) == nil then
    return nil
  end
  for _, category in ipairs(contract.CATEGORIES) do
    local count = fields['category:' .. category]
    if count and count ~= '0' then
      counts[#counts + 1] = '"' .. category .. '":' .. count
    end
  end
  return table.concat({
    '{' .. json_text('id', id),
    json_text('status', fields.status),
    json_text('title', fields.title or ''),
    json_text('representative_ticket_id', fields.representative or ''),
    '"member_count":' .. redis.call('ZCARD', incidents.members(id)),
    '"requester_count":' .. redis.call('HLEN', incidents.requesters(id)),
    json_text('held', fields.status == incident_status.suspected and fields.held == '1' and 'unverified_requesters' or nil),
    '"degraded":' .. (fields.degraded == '1' and 'true' or 'false'),
    json_doubtful(fields),
    '"categories":{' .. table.concat(counts, ',') .. '}',
    '"max_urgency":' .. (string.match(fields.max_urgency or '', '^%d[%d.e-]*$') or '0'),
    json_time('opened_at', fields.opened_ms),
    json_time('last_member_at', fields.last_member_ms or '0'),
    json_time('closed_at', fields.closed_ms),
    json_text('previous_incident_id', fields.previous ~= '' and fields.previous or nil),
  }, ',')
end

-- Emits an event about an incident, each id once.
function incidents.emit(kind, event, id, now)
  local ids = {}
  for _, ticket in ipairs(redis.call('ZRANGE', incidents.members(id), 0, contract.MAX_EVENT_MEMBERS - 1)) do
    ids[#ids + 1] = cjson.encode(ticket)
  end
  outbox.put(event, '{' .. json_text('type', kind) .. ',"data":' .. incidents.json(id) .. ',"member_ids":['
    .. table.concat(ids, ',') .. ']},"timestamp":"' .. clock.iso(now) .. '"}', now, numbers.whole(now))
  redis.call('HSET', incidents.key(id), 'notified_members', redis.call('ZCARD', incidents.members(id)))
end

-- Writes a status and its epoch, and whether the incident may still grow.
function incidents.set_status(id, status, epoch)
  redis.call('HSET', incidents.key(id), 'status', status, 'epoch', epoch)
  redis.call(status == incident_status.open and 'SADD' or 'SREM', incidents.growing, id)
end

-- Starts to settle its members, in batches from the latest arrival: `settle_ms` and `settle_id` name the position, which moves down.
function incidents.settle_later(id)
  redis.call('UNLINK', incidents.unsettled_members(id))
  redis.call('HSET', incidents.key(id), 'settle_ms', '+inf', 'settle_id', '')
  redis.call('SADD', incidents.unsettled, id)
end

-- Compares byte by byte, as sorted sets are ordered: Lua's own comparison follows the server's locale.
local function stands_before(ticket, other)
  for i = 1, math.min(#ticket, #other) do
    local byte, other_byte = string.byte(ticket, i), string.byte(other, i)
    if byte ~= other_byte then
      return byte < other_byte
    end
  end
  return #ticket < #other
end

-- Number of members before a position in the order of arrival. A binary search, because very many may have arrived in one millisecond.
function incidents.members_before(id, ms, ticket)
  local name = incidents.members(id)
  local low = redis.call('ZCOUNT', name, '-inf', '(' .. ms)
  local high = low + redis.call('ZCOUNT', name, ms, ms)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if stands_before(redis.call('ZRANGE', name, middle, middle)[1], ticket) then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end
