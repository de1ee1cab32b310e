-- Adds a note to the history of a ticket of any status.
-- args   note_id: '' for none; entry: see `history.append`
-- reply  {'noted', fields} | {'repeated', fields} | {'not_found'}
-- uses: ticket_status, store, clock, tickets, history

store.allow_writes_when_full()
local id = args.id
local ticket = tickets.key(id)
store.expect('hash', ticket)

local found = redis.call('HMGET', ticket, 'status', 'agent')
local status, agent = found[1], found[2]
if not status then
  return { 'not_found' }
end
if not tickets.is_sound(id, status) then
  store.corrupt(ticket, 'is no ticket record')
end
if args.note_id ~= '' and history.has_note(id, args.note_id) then
  return { 'repeated', redis.call('HGETALL', ticket) }
end

local with_agent = status == ticket_status.assigned and agent or nil
history.append(id, args.entry, clock.now_ms(), with_agent, with_agent)
return { 'noted', redis.call('HGETALL', ticket) }
