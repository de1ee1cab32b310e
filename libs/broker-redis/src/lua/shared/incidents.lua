-- Incidents: what is known of each, and who is told of it. Which tickets belong together is not decided here: callers follow the storm log
-- (storm), and tell what it came to; or an operator decides.

-- Every incident by the order of their coming.
local incidents = key('incidents')
local incident_count = key('incidents:count')
-- Those that may still grow, and those whose members are still to be settled after a change of their status.
local growing = key('incidents:growing')
local unsettled = key('incidents:unsettled')
-- Suspicions that are gone, by when: whoever is behind in the log must not write them once more, nor tell of them. After a day nobody is.
local gone = key('incidents:gone')
local GONE_MS = 86400000
-- Those that have ended, by when all that is kept of them is dropped: the books of a large one must not be left to run out, because Redis would free
-- them in one go.
local ended = key('incidents:ended')

local function incident_key(id)
  return key('incident:' .. id)
end

-- Members by arrival.
local function members_of(id)
  return incident_key(id) .. ':members'
end

-- How each joined: how like the incident it was, its mark (see redis/storms/member-mark.ts: '!' if it is routed for what it says or else '-', then letters
-- that say why it is doubtful), and as whose it is counted among the requesters. All that is needed when it leaves, by when its own record may be gone.
local function likeness_of(id)
  return incident_key(id) .. ':likeness'
end

-- How many members each requester has; those without one count as one each.
local function requesters_of(id)
  return incident_key(id) .. ':requesters'
end

-- Members whose category and urgency the incident knows, and as what it counted them.
local function counted_in(id)
  return incident_key(id) .. ':counted'
end

-- Members that could not be settled in their urgent_streak, because their records are corrupt.
local function unsettled_of(id)
  return incident_key(id) .. ':unsettled'
end

local function expect_incidents()
  expect('zset', incidents, gone, ended)
  expect('set', growing, unsettled)
  expect_count(incident_count)
end

-- What is kept under the name of an incident and is dropped with it.
local function books_of(id)
  return { incident_key(id), members_of(id), likeness_of(id), requesters_of(id), counted_in(id), unsettled_of(id) }
end

local function remember_gone(id, now)
  redis.call('ZREMRANGEBYSCORE', gone, '-inf', now - GONE_MS)
  redis.call('ZADD', gone, 'NX', now, id)
end

-- What was suspected turned out to be nothing of its own.
local function drop_suspicion(id, now)
  redis.call('UNLINK', unpack(books_of(id)))
  redis.call('ZREM', incidents, id)
  remember_gone(id, now)
end

local function is_gone_for_good(id)
  return redis.call('ZSCORE', gone, id) and true or false
end

-- `marked` counts members whose mark says that they are doubtful, `marked:<category>` those of them whose category is counted.
local NUMBERS = { 'epoch', 'last_member_ms', 'quiet_ms', 'told', 'marked' }
for _, category in ipairs(CATEGORIES) do
  NUMBERS[#NUMBERS + 1] = 'category:' .. category
  NUMBERS[#NUMBERS + 1] = 'marked:' .. category
end

local function expect_incident(id)
  local name = incident_key(id)
  expect('hash', name, likeness_of(id), requesters_of(id), counted_in(id))
  expect('zset', members_of(id), unsettled_of(id))
  for _, number in ipairs(redis.call('HMGET', name, unpack(NUMBERS))) do
    if not is_count(number) then
      corrupt(name, 'holds no whole number')
    end
  end
  for _, time in ipairs(redis.call('HMGET', name, 'opened_ms', 'closed_ms')) do
    if time ~= '' and not is_count(time) then
      corrupt(name, 'holds no time')
    end
  end
end

-- Whether members of an incident of this status wait for its end.
local function holds_members(status)
  return status == 'open' or status == 'quiet'
end

-- What has ended does not begin again.
local function is_over(status)
  return status == 'resolved' or status == 'rejected'
end

-- "name":text or null, as a part of a JSON object.
local function json_text(name, value)
  return '"' .. name .. '":' .. (value and cjson.encode(value) or 'null')
end

local function json_time(name, ms)
  return json_text(name, ms and ms ~= '' and iso_time(tonumber(ms)))
end

-- The categories that most members have, as a set; those of the moment when it was resolved, if it was. As `mainCategories` in
-- storms/doubtful-members.ts.
local function main_categories(fields)
  local main, most = {}, 1
  if (fields.main_categories or '') ~= '' then
    for category in string.gmatch(fields.main_categories, '%S+') do
      main[category] = true
    end
    return main
  end
  for _, category in ipairs(CATEGORIES) do
    most = math.max(most, count_of(fields['category:' .. category]))
  end
  for _, category in ipairs(CATEGORIES) do
    main[category] = count_of(fields['category:' .. category]) == most or nil
  end
  return main
end

-- How a member is marked, as text of the book that says how it joined; '-' if that says nothing.
local function mark_in(joined)
  return string.match(joined or '', '^%S+ ([!-]%a*) ') or '-'
end

-- Whether a mark says that a member is doubtful.
local function is_marked(mark)
  return #mark > 1
end

-- Whether members with such a mark and category are doubtful.
local function is_doubtful(mark, category, main)
  return is_marked(mark) or (category and next(main) ~= nil and not main[category]) or false
end

-- All fields of an incident.
local function fields_of(id)
  local flat, fields = redis.call('HGETALL', incident_key(id)), {}
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields
end

-- How many members are doubtful, and what became of those that were suppressed, as a part of a JSON object.
local function json_doubtful(fields)
  local main, count = main_categories(fields), count_of(fields.marked)
  for _, category in ipairs(CATEGORIES) do
    if not main[category] then
      count = count + count_of(fields['category:' .. category]) - count_of(fields['marked:' .. category])
    end
  end
  local completed = fields.status == 'resolved' and tostring(fields.complete_doubtful == '1') or 'null'
  return '"doubtful_members":{"count":' .. whole(count) .. ',"completed":' .. completed .. '}'
end

-- An incident as clients see it, without the closing bracket; nil if there is none.
local function incident_json(id)
  local fields, counts = fields_of(id), {}
  if next(fields) == nil then
    return nil
  end
  for _, category in ipairs(CATEGORIES) do
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
    '"member_count":' .. redis.call('ZCARD', members_of(id)),
    '"requester_count":' .. redis.call('HLEN', requesters_of(id)),
    json_text('held', fields.status == 'suspected' and fields.held == '1' and 'unverified_requesters' or nil),
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

-- As MOST_MEMBER_IDS in storms/incident-events.ts.
local MOST_MEMBERS_TOLD = 50

-- Tells subscribers of an incident, once under each id.
local function tell_of_incident(kind, event, id, now)
  local ids = {}
  for _, ticket in ipairs(redis.call('ZRANGE', members_of(id), 0, MOST_MEMBERS_TOLD - 1)) do
    ids[#ids + 1] = cjson.encode(ticket)
  end
  put_event(event, '{' .. json_text('type', kind) .. ',"data":' .. incident_json(id) .. ',"member_ids":['
    .. table.concat(ids, ',') .. ']},"timestamp":"' .. iso_time(now) .. '"}', now, whole(now))
  redis.call('HSET', incident_key(id), 'told', redis.call('ZCARD', members_of(id)))
end

-- Notes a new status and its epoch, and whether the incident may still grow.
local function become(id, status, epoch)
  redis.call('HSET', incident_key(id), 'status', status, 'epoch', epoch)
  redis.call(status == 'open' and 'SADD' or 'SREM', growing, id)
end

-- Its members are settled afterwards, some at a time: all up to the place that `settle_ms` and `settle_id` name, which moves down.
local function settle_later(id)
  redis.call('UNLINK', unsettled_of(id))
  redis.call('HSET', incident_key(id), 'settle_ms', '+inf', 'settle_id', '')
  redis.call('SADD', unsettled, id)
end

-- Byte by byte, as sorted sets are ordered: Lua's own comparison goes by the server's locale.
local function stands_before(ticket, other)
  for i = 1, math.min(#ticket, #other) do
    local byte, other_byte = string.byte(ticket, i), string.byte(other, i)
    if byte ~= other_byte then
      return byte < other_byte
    end
  end
  return #ticket < #other
end

-- How many members stand before a place in the order of arrival. Found by halving: very many may have arrived in one millisecond.
local function members_before(id, ms, ticket)
  local name = members_of(id)
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
