-- Takes in a ticket that another broker finished while this one was away. One that was suppressed there is queued: its storm is judged here.
-- ARGV   1 id; 2 status; 3 category or ''; 4 agent or ''; 5 for how long a completed record is kept, in ms; 6 most dead letters;
--        7 idempotency key or ''; 8 life of an idempotency key in ms; 9 id of its undelivered event or ''; 10 the event's body;
--        11 tries so far; 12 when it happened, in ms; 13 its entry of the storm log (JSON) or ''; 14 "duplicate:<key>" or '';
--        15 for how long that counts from its arrival on, in ms; 16 most bytes, and 17 how many of them were free when the caller looked last, each
--        or ''; then the ticket's fields: name, value, ...
-- reply  {'known'} | {'full'} | {'adopted', status it has now, what was served, ids of dead letters that had to make room}
-- uses: domain, lanes, agents, slots, unfinished, dead, room, outbox, storm-log

local id, status, category, agent = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local ticket = ticket_key(id)
expect_agents()
expect_dead()
expect('list', quarantined)
if type_of(ticket) ~= 'none' then
  return { 'known' }
end
if status == 'queued' then
  expect_lanes()
end
if ARGV[13] ~= '' then
  expect_storm_log()
end
if status == 'assigned' then
  expect('zset', open_tickets(agent))
end
if ARGV[9] ~= '' then
  expect_outbox()
end
local length = #ARGV[10] + #ARGV[13]
for i = 18, #ARGV do
  length = length + #ARGV[i]
end
local now = now_ms()
local taking = bytes_of_ticket(length)
if bytes_left(ARGV[16], ARGV[17]) < taking
  or not write_if_room('HSET', ticket, 'status', status, 'bytes', whole(taking), unpack(ARGV, 18)) then
  return { 'full' }
end
if ARGV[13] ~= '' then
  redis.call('HSET', ticket, 'storm_entry', write_entry(ARGV[13]))
end
if ARGV[7] ~= '' and redis.call('SET', idempotency_key(ARGV[7]), id, 'NX', 'PX', ARGV[8]) then
  redis.call('HSET', ticket, 'idempotency', ARGV[7])
end
if ARGV[14] ~= '' then
  -- Another process dated its arrival, perhaps by a clock that is ahead.
  local age = math.max(now - (tonumber(redis.call('HGET', ticket, 'received_ms')) or 0), 0)
  local left = tonumber(ARGV[15]) - age
  if left > 0 then
    redis.call('SET', key(ARGV[14]), id, 'NX', 'PX', whole(left))
  end
end
if ARGV[9] ~= '' then
  put_event(ARGV[9], ARGV[10], now, ARGV[12])
  redis.call('HSET', outbox_attempts, ARGV[9], ARGV[11])
end
local served, lost = {}, {}
local waited_before = status == 'waiting'
if status == 'assigned' and redis.call('HEXISTS', roster, agent) == 0 then
  status = 'waiting'
end
if status == 'completed' then
  redis.call('PEXPIRE', ticket, ARGV[5])
else
  count_unfinished(id, 1)
end
if status == 'assigned' then
  redis.call('HINCRBY', loads, agent, 1)
  redis.call('HSET', idle_since, agent, whole(now))
  redis.call('ZADD', open_tickets(agent), wait_key_of(ticket), id)
elseif status == 'waiting' then
  if waited_before then
    -- It keeps the reasons that it came with.
    redis.call('ZADD', line(category), wait_key_of(ticket), id)
  else
    line_up(id, category, facts(category), now)
  end
  served = serve_everybody(now)
elseif status == 'queued' then
  redis.call('RPUSH', lane_list(redis.call('HGET', ticket, 'lane')), id)
  note_return(id)
  wake_workers(1)
elseif status == 'dead' then
  local fields = redis.call('HMGET', ticket, 'error_code', 'error_message', 'died_ms')
  lost = bury(id, fields[1], fields[2], tonumber(fields[3]) or now, tonumber(ARGV[6]))
end
return { 'adopted', status, served, lost }
