-- Writes down what the storm log came to about one incident: merges, and never goes back behind what is known.
-- ARGV   1 id; 2 epoch; 3 status; 4 title; 5 '1' if degraded; 6 opened_ms or ''; 7 last_member_ms; 8 closed_ms or ''; 9 previous or '';
--        10 representative or ''; 11 quiet time in ms; 12 '1' if subscribers know of it, from elsewhere; 13 '1' if it is held because too few of its
--        requesters are vouched for; 14 number of tickets that left; these; then (ticket, similarity, mark) for each that joined
-- reply  ids of the tickets that are suppressed by it
-- uses: domain, reserve, lanes, agents, outbox, iso-time, incidents, members

local id, epoch, status = ARGV[1], ARGV[2], ARGV[3]
expect_incidents()
expect_incident(id)
expect_outbox()
expect('zset', line('Billing'), line('Technical'), line('Legal'))
local now = now_ms()
local name = incident_key(id)
local known = redis.call('HMGET', name, 'epoch', 'status', 'told')
local is_new, known_status = not known[1], known[2]

if status == 'gone' then
  if known_status == 'suspected' then
    drop_suspicion(id, now)
  elseif is_new then
    remember_gone(id, now)
  elseif known_status == 'open' and tonumber(known[1]) <= tonumber(epoch) then
    -- Confirmed after the log had let it go, where that counts for nothing: no reason for its tickets to wait.
    become(id, 'rejected', whole(tonumber(epoch) + 1))
    redis.call('HSET', name, 'closed_ms', whole(now))
    settle_later(id)
  end
  return {}
end
if is_new and (is_gone_for_good(id) or (status ~= 'open' and status ~= 'suspected')) then
  -- It was kept for its time.
  return {}
end
-- What an operator ended may not be all that the log says of it by then.
local is_later = is_new or (tonumber(epoch) > tonumber(known[1]) and (is_over(status) or not is_over(known_status)))
if is_new then
  redis.call('ZADD', incidents, redis.call('INCR', incident_count), id)
  redis.call('HSET', name, 'title', ARGV[4], 'previous', ARGV[9])
end
if is_later then
  become(id, status, epoch)
  redis.call('HSET', name, 'closed_ms', ARGV[8])
  if ARGV[6] ~= '' then
    redis.call('HSET', name, 'opened_ms', ARGV[6])
  end
  known_status = status
end
if ARGV[5] == '1' then
  redis.call('HSET', name, 'degraded', '1')
end
redis.call('HSET', name, 'quiet_ms', ARGV[11])
if ARGV[13] == '1' then
  redis.call('HSET', name, 'held', '1')
end
if tonumber(ARGV[7]) > tonumber(redis.call('HGET', name, 'last_member_ms') or '0') then
  redis.call('HSET', name, 'last_member_ms', ARGV[7])
end

local first_joined = 15 + tonumber(ARGV[14])
for i = 15, first_joined - 1 do
  discount_member(id, ARGV[i])
end
for i = first_joined, #ARGV, 3 do
  count_member(id, ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[7]))
  if known_status == 'suspected' then
    count_at_commit(id, ARGV[i])
  end
end
-- Somebody late may name one who has left since.
if redis.call('ZSCORE', members_of(id), ARGV[10]) and (is_new or tonumber(epoch) >= tonumber(known[1])) then
  let_speak(id, ARGV[10])
else
  ensure_representative(id)
end
local suppressed = {}
if holds_members(known_status) then
  for i = first_joined, #ARGV, 3 do
    if link(id, ARGV[i]) then
      suppressed[#suppressed + 1] = ARGV[i]
    end
  end
end
if is_later and is_over(status) then
  settle_later(id)
end
if is_new and ARGV[12] == '1' then
  redis.call('HSET', name, 'told', redis.call('ZCARD', members_of(id)))
elseif is_new then
  local kind = status == 'open' and 'incident.opened' or 'incident.suspected'
  tell_of_incident(kind, kind .. ':' .. id, id, now)
end
return suppressed
