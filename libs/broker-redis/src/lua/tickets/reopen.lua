-- Opens a completed ticket again: it gets an agent or a place in line by its decision, or is queued without one.
-- args   category: '' without a decision; facts, candidates, busy: see `ranking.choose`; agents: their number, then (agent, capacity) for each; entry: see `history.append`
-- reply  {'reopened', fields} | {'not_found'} | {'not_allowed', status} | {'stale', view}
-- uses: ticket_status, incident_status, store, clock, tickets, queue, agents, ranking, slots, unfinished, incidents, history

store.allow_writes_when_full()
local id = args.id
local ticket = tickets.key(id)
agents.expect()
queue.expect()
store.expect('hash', ticket)
unfinished.expect()

local found = redis.call('HMGET', ticket, 'status', 'agent', 'incident')
local status, former, incident = found[1], found[2], found[3]
if not status then
  return { 'not_found' }
end
if status ~= ticket_status.completed then
  return { 'not_allowed', status }
end
if not tickets.is_sound(id, status) then
  store.corrupt(ticket, 'is no ticket record')
end
local agent = ''
if args.category ~= '' then
  ranking.set_agents(args.agents, 1)
  agent = agents.read_version() == args.roster_version and ranking.choose(args.candidates, args.busy)
  if not agent then
    return { 'stale', agents.view(args.roster_version) }
  end
  if agent ~= '' then
    store.expect('zset', agents.open_tickets(agent))
  end
end
if incident then
  incidents.expect(incident)
end

local now = clock.now_ms()
redis.call('PERSIST', ticket)
redis.call('HDEL', ticket, 'completed_ms', 'resolution', 'agent')
redis.call('HSET', ticket, 'attempts', '0', 'stalls', '0')
unfinished.count(id, 1)
local status_of_incident = incident and redis.call('HGET', incidents.key(incident), 'status')
if incident and (not status_of_incident or status_of_incident == incident_status.resolved) then
  redis.call('HDEL', ticket, 'incident', 'duplicate')
  redis.call('HSET', ticket, 'released_from', incident)
end
if args.category == '' then
  queue.requeue_first(id)
  queue.wake_workers(1)
elseif agent == '' then
  slots.put_in_line(id, args.category, args.facts, now)
else
  slots.reserve(id, agent, 'ranked', args.facts, now)
end
history.append(id, args.entry, now, former, agent)
return { 'reopened', redis.call('HGETALL', ticket) }
