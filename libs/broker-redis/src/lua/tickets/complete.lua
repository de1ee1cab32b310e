-- Completes a ticket: frees the slot and gives it to the first in line that the agent can take.
-- arguments  corrections: JSON or ''
-- reply      {'completed', fields, assigned tickets} | {'repeated', fields} | {'not_found'} | {'not_assigned', status}
-- uses: ticket_status, store, clock, numbers, tickets, ticket_index, agents, slots, unfinished

store.allow_writes_when_full()
local id = ARGV[argument.id]
local ticket = tickets.key(id)
agents.expect()
store.expect('hash', ticket)
unfinished.expect()

local fields = redis.call('HMGET', ticket, 'status', 'agent', 'number', 'category', 'flags', 'lane')
local status, agent = fields[1], fields[2]
if not status then
  return { 'not_found' }
end
if status == ticket_status.completed then
  return { 'repeated', redis.call('HGETALL', ticket) }
end
if status ~= ticket_status.assigned or not agent then
  return { 'not_assigned', status }
end
local profile = slots.expect_assignable(agent)

local now = clock.now_ms()
redis.call('HSET', ticket, 'status', ticket_status.completed, 'resolution', 'agent', 'completed_ms', numbers.whole(now))
ticket_index.note_state(fields[3], ticket_status.completed, fields[4], fields[5], fields[6])
ticket_index.flush()
if ARGV[argument.corrections] ~= '' then
  redis.call('HSET', ticket, 'corrections', ARGV[argument.corrections])
end
slots.release(id, agent)
unfinished.count(id, -1)
redis.call('PEXPIRE', ticket, ARGV[argument.retention_ms])
local served = slots.assign_waiting(agent, profile, now)
return { 'completed', redis.call('HGETALL', ticket), served }
