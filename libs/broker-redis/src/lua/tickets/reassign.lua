-- Gives an assigned ticket to the best other agent, and its slot to the first in line that its former agent can take.
-- args   from: the agent that has it; entry: see `history.append`; facts, candidates, busy: without that agent, see `ranking.choose`; agents: their number, then
--        (agent, capacity) for each
-- reply  {'assigned', fields, assigned tickets} | {'none'} if no other agent has a free slot | {'changed'} if `from` does not have it | {'stale', view}
-- uses: ticket_status, store, clock, tickets, agents, ranking, slots, history

store.allow_writes_when_full()
local id, from = args.id, args.from
local ticket = tickets.key(id)
agents.expect()
store.expect('hash', ticket)
local profile = slots.expect_assignable(from)

if redis.call('HGET', ticket, 'agent') ~= from or not tickets.is_sound(id, ticket_status.assigned) then
  return { 'changed' }
end
ranking.set_agents(args.agents, 1)
local agent = agents.read_version() == args.roster_version and ranking.choose(args.candidates, args.busy)
if not agent then
  return { 'stale', agents.view(args.roster_version) }
end
if agent == '' then
  return { 'none' }
end
store.expect('zset', agents.open_tickets(agent))

local now = clock.now_ms()
slots.release(id, from)
slots.reserve(id, agent, 'ranked', args.facts, now)
history.append(id, args.entry, now, from, agent)
local served = slots.assign_waiting(from, profile, now)
return { 'assigned', redis.call('HGETALL', ticket), served }
