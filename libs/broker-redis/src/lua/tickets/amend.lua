-- Changes agent, category or urgency of an assigned or waiting ticket.
-- args   status, former_agent ('' for none), decision: what the caller read; agent: '' to leave it where it is; is_forced; facts: of the agents, for its category;
--        category, urgency, wait_key, flags, decision_now: all of them or '' for the last where the decision stays; corrections: JSON; entry: see `history.append`
-- reply  {'amended', fields, assigned tickets} | {'changed'} | {'no_agent'} | {'no_slot'}
-- uses: ticket_status, store, clock, tickets, agents, slots, history, ticket_index

store.allow_writes_when_full()
local id, agent, former = args.id, args.agent, args.former_agent
local ticket = tickets.key(id)
agents.expect()
store.expect('hash', ticket)

local found = redis.call('HMGET', ticket, 'status', 'agent', 'decision', 'category')
if found[1] ~= args.status or (found[2] or '') ~= former or found[3] ~= args.decision or not tickets.is_sound(id, args.status) then
  return { 'changed' }
end
local former_profile = former ~= '' and slots.expect_assignable(former)
local is_moved = agent ~= '' and agent ~= former
if is_moved then
  local profile = slots.expect_assignable(agent)
  if not profile then
    return { 'no_agent' }
  end
  if not args.is_forced and (profile.status ~= 'available' or agents.load_of(agent) >= profile.capacity) then
    return { 'no_slot' }
  end
end

local now = clock.now_ms()
local served = {}
if args.status == ticket_status.waiting then
  redis.call('ZREM', agents.line(found[4]), id)
end
if args.decision_now ~= '' then
  redis.call('HSET', ticket, 'category', args.category, 'urgency', args.urgency, 'wait_key', args.wait_key,
    'decision', args.decision_now, 'corrections', args.corrections)
  if args.flags == '' then
    redis.call('HDEL', ticket, 'flags')
  else
    redis.call('HSET', ticket, 'flags', args.flags)
  end
end
if is_moved then
  if former ~= '' then
    slots.release(id, former)
  end
  slots.reserve(id, agent, 'by_hand', args.facts, now)
  if former ~= '' then
    served = slots.assign_waiting(former, former_profile, now)
  end
elseif former ~= '' then
  redis.call('ZADD', agents.open_tickets(former), agents.wait_key_of(ticket), id)
  ticket_index.update(id)
else
  redis.call('ZADD', agents.line(redis.call('HGET', ticket, 'category')), agents.wait_key_of(ticket), id)
  ticket_index.update(id)
  served = slots.assign_all_waiting(now)
end
history.append(id, args.entry, now, former, redis.call('HGET', ticket, 'agent'))
return { 'amended', redis.call('HGETALL', ticket), served }
