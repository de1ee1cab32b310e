/**
 * Lua that makes tickets suppressed members of an incident, as commits would: copies of the ticket `seed`, which is one, under the ids `m<number>`.
 * KEYS[1] is the routing domain; ARGV the incident and the first and last number.
 */
export const FILL = `
local domain, id, first, last = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local seed = redis.call('HGETALL', domain .. 'ticket:seed')
local incident = domain .. 'incident:' .. id
local base = tonumber(redis.call('HGET', domain .. 'ticket:seed', 'received_ms'))
local category = redis.call('HGET', domain .. 'ticket:seed', 'category')
for number = first, last do
  local ticket, received = 'm' .. number, string.format('%.0f', base + math.floor(number / 10))
  redis.call('HSET', domain .. 'ticket:' .. ticket, unpack(seed))
  redis.call('HSET', domain .. 'ticket:' .. ticket, 'received_ms', received, 'duplicate', '1')
  redis.call('ZADD', incident .. ':members', received, ticket)
  local requester = 'r:' .. string.sub(redis.sha1hex(ticket), 1, 24)
  redis.call('HSET', incident .. ':similarity', ticket, '0.95 - ' .. requester)
  redis.call('HSET', incident .. ':requesters', requester, '1')
  redis.call('HSET', incident .. ':counted', ticket, category)
end
redis.call('HINCRBY', incident, 'category:' .. category, last - first + 1)
redis.call('INCRBY', domain .. 'unfinished', last - first + 1)
return last
`;
