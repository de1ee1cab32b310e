-- Completes a ticket that needs no answer, wherever it is.
-- args   statuses: in which it may be cancelled; entry: see `history.append`
-- reply  {'completed', fields, assigned tickets} | {'repeated', fields} | {'not_found'} | {'not_allowed', status}
-- uses: ticket_status, store, clock, numbers, tickets, queue, agents, slots, unfinished, history, ticket_index

store.allow_writes_when_full()
local id = args.id
local ticket = tickets.key(id)
agents.expect()
queue.expect()
store.expect('hash', ticket)
unfinished.expect()

local found = redis.call('HMGET', ticket, 'status', 'agent', 'lane', 'category')
local status, agent = found[1], found[2]
if not status then
  return { 'not_found' }
end
if status == ticket_status.completed then
  return { 'repeated', redis.call('HGETALL', ticket) }
end
local is_allowed = false
for _, one in ipairs(args.statuses) do
  is_allowed = is_allowed or one == status
end
if not is_allowed then
  return { 'not_allowed', status }
end
if not tickets.is_sound(id, status) then
  store.corrupt(ticket, 'is no ticket record')
end
local profile = status == ticket_status.assigned and slots.expect_assignable(agent)

local now = clock.now_ms()
local served = {}
if status == ticket_status.queued then
  if redis.call('ZREM', queue.delayed(found[3]), id) == 0 then
    redis.call('LREM', queue.lane(found[3]), 1, id)
  end
  redis.call('ZREM', queue.requeued, id)
elseif status == ticket_status.waiting then
  redis.call('ZREM', agents.line(found[4]), id)
elseif status == ticket_status.assigned then
  slots.release(id, agent)
end
redis.call('HSET', ticket, 'status', ticket_status.completed, 'resolution', 'cancelled', 'completed_ms', numbers.whole(now))
unfinished.count(id, -1)
redis.call('PEXPIRE', ticket, args.retention_ms)
history.append(id, args.entry, now, agent, nil)
ticket_index.update(id)
if profile then
  served = slots.assign_waiting(agent, profile, now)
end
return { 'completed', redis.call('HGETALL', ticket), served }
