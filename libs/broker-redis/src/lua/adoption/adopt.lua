-- Adopts a ticket that another broker finished while this one was unavailable. One that was suppressed there is queued: its storm is judged here.
-- args   duplicate_name: "duplicate:<key>" or ''; duplicate_ms: its time to live from the ticket's arrival; event_*: its undelivered event, event_id '' if it
--        has none; storm_entry: JSON or ''; max_bytes, known_free_bytes: as `accept` has them; requester: its bytes in
--        the index of tickets; fields: of the ticket's record, name, value, ...
-- reply  {'known'} | {'full'} | {'adopted', its status, assigned tickets, ids of older dead letters that were dropped}
-- uses: ticket_status, store, clock, numbers, tickets, ticket_index, queue, agents, slots, unfinished, dead_letters, byte_budget, outbox, storm_log
local id, status, category, agent = args.id, args.status, args.category, args.agent
local ticket = tickets.key(id)
agents.expect()
dead_letters.expect()
store.expect('list', queue.quarantined)
if store.type_of(ticket) ~= 'none' then
  return { 'known' }
end
if status == ticket_status.queued then
  queue.expect()
end
if args.storm_entry ~= '' then
  storm_log.expect()
end
if status == ticket_status.assigned then
  store.expect('zset', agents.open_tickets(agent))
end
if args.event_id ~= '' then
  outbox.expect()
end
local length = #args.event_body + #args.storm_entry
for _, part in ipairs(args.fields) do
  length = length + #part
end
local now = clock.now_ms()
local _, _, number = ticket_index.range()
local taking = byte_budget.of_ticket(length)
if byte_budget.left(args.max_bytes, args.known_free_bytes) < taking
  or not byte_budget.write_if_free('HSET', ticket, 'status', status, 'bytes', numbers.whole(taking),
    'number', number and numbers.whole(number) or '', unpack(args.fields)) then
  return { 'full' }
end
if number then
  ticket_index.append(number, { id }, { string.char(0) }, ticket_index.second_of(numbers.count_of(redis.call('HGET', ticket, 'received_ms'))), args.requester)
  ticket_index.update(id)
end
if args.storm_entry ~= '' then
  redis.call('HSET', ticket, 'storm_entry', storm_log.write(args.storm_entry))
end
if args.idempotency_key ~= '' and redis.call('SET', tickets.idempotency_key(args.idempotency_key), id, 'NX', 'PX', args.idempotency_ms) then
  redis.call('HSET', ticket, 'idempotency', args.idempotency_key)
end
if args.duplicate_name ~= '' then
  -- Another process set the arrival, perhaps with a clock that is ahead.
  local age = math.max(now - (tonumber(redis.call('HGET', ticket, 'received_ms')) or 0), 0)
  local left = args.duplicate_ms - age
  if left > 0 then
    redis.call('SET', store.key(args.duplicate_name), id, 'NX', 'PX', numbers.whole(left))
  end
end
if args.event_id ~= '' then
  outbox.put(args.event_id, args.event_body, now, args.event_created_ms)
  redis.call('HSET', outbox.attempts, args.event_id, args.event_attempts)
end
local served, lost = {}, {}
local waited_before = status == ticket_status.waiting
if status == ticket_status.assigned and redis.call('HEXISTS', agents.roster, agent) == 0 then
  status = ticket_status.waiting
end
if status == ticket_status.completed then
  redis.call('PEXPIRE', ticket, args.retention_ms)
else
  unfinished.count(id, 1)
end
if status == ticket_status.assigned then
  redis.call('HINCRBY', agents.loads, agent, 1)
  redis.call('HSET', agents.idle_since, agent, numbers.whole(now))
  redis.call('ZADD', agents.open_tickets(agent), agents.wait_key_of(ticket), id)
elseif status == ticket_status.waiting then
  if waited_before then
    -- It keeps the reasons that it came with.
    redis.call('ZADD', agents.line(category), agents.wait_key_of(ticket), id)
  else
    slots.put_in_line(id, category, slots.facts(category), now)
  end
  served = slots.assign_all_waiting(now)
elseif status == ticket_status.queued then
  redis.call('RPUSH', queue.lane(redis.call('HGET', ticket, 'lane')), id)
  queue.note_requeued(id)
  queue.wake_workers(1)
elseif status == ticket_status.dead then
  local fields = redis.call('HMGET', ticket, 'error_code', 'error_message', 'died_ms')
  lost = dead_letters.put(id, fields[1], fields[2], tonumber(fields[3]) or now, args.dead_letters_max)
end
return { 'adopted', status, served, lost }
