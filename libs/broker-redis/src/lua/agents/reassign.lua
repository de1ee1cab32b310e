-- Reassigns an open ticket of an agent that is being removed to another agent or into line.
-- args   facts: JSON of the facts of the agents; candidates, busy: see `ranking.choose`; agents: number of agents, then (agent, capacity) for each
-- reply  {'assigned', agent} | {'waiting', ''} | {'gone'} if the agent no longer has it | {'stale', view}
-- uses: ticket_status, store, clock, tickets, agents, ranking, slots

store.allow_writes_when_full()
local id, from = args.ticket, args.from
local ticket = tickets.key(id)
agents.expect()
store.expect('hash', ticket)
store.expect('zset', agents.open_tickets(from))
agents.load_of(from)

local fields = redis.call('HMGET', ticket, 'status', 'agent')
if fields[1] ~= ticket_status.assigned or fields[2] ~= from then
  redis.call('ZREM', agents.open_tickets(from), id)
  return { 'gone' }
end
if not tickets.is_sound(id, ticket_status.assigned) then
  store.corrupt(ticket, 'is no ticket record')
end
ranking.set_agents(args.agents, 1)
local agent = agents.read_version() == args.roster_version and ranking.choose(args.candidates, args.busy)
if not agent then
  return { 'stale', agents.view(args.roster_version) }
end
if agent ~= '' then
  store.expect('zset', agents.open_tickets(agent))
end

local now = clock.now_ms()
redis.call('ZREM', agents.open_tickets(from), id)
redis.call('HINCRBY', agents.loads, from, -1)
if agent == '' then
  slots.put_in_line(id, args.category, args.facts, now)
else
  slots.reserve(id, agent, 'ranked', args.facts, now)
end
return { agent == '' and ticket_status.waiting or ticket_status.assigned, agent }
