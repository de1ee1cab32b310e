-- The open tickets of an agent, in the order in which they would have waited.
-- reply  {'known' or 'unknown', {id, category, ...}}
-- uses: store, tickets, agents
agents.expect()
store.expect('zset', agents.open_tickets(args.id))
local known = redis.call('HEXISTS', agents.roster, args.id) == 1
local listed = {}
for _, id in ipairs(redis.call('ZRANGE', agents.open_tickets(args.id), 0, -1)) do
  listed[#listed + 1] = id
  local sound = store.type_of(tickets.key(id)) == 'hash'
  listed[#listed + 1] = sound and redis.call('HGET', tickets.key(id), 'category') or ''
end
return { known and 'known' or 'unknown', listed }
