-- The open tickets of an agent, in the order in which they would have waited.
-- ARGV   agent
-- reply  {'known' or 'unknown', {id, category, ...}}
-- uses: domain, agents

expect_agents()
expect('zset', open_tickets(ARGV[1]))
local known = redis.call('HEXISTS', roster, ARGV[1]) == 1
local tickets = {}
for _, id in ipairs(redis.call('ZRANGE', open_tickets(ARGV[1]), 0, -1)) do
  tickets[#tickets + 1] = id
  local sound = type_of(ticket_key(id)) == 'hash'
  tickets[#tickets + 1] = sound and redis.call('HGET', ticket_key(id), 'category') or ''
end
return { known and 'known' or 'unknown', tickets }
