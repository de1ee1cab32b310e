-- One page of dead letters, oldest first.
-- ARGV   number of the death after which the page begins; most entries
-- reply  {'more' or 'end', {number, id, code, message, attempts, stalls, died_ms}, ...}
-- uses: domain, unfinished, dead

expect_dead()
local limit = tonumber(ARGV[2])
local found = redis.call('ZRANGEBYSCORE', dead, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
local page = { #found / 2 > limit and 'more' or 'end' }
for i = 1, math.min(#found, limit * 2), 2 do
  local id, number = found[i], found[i + 1]
  local fields = {}
  if type_of(ticket_key(id)) == 'hash' then
    fields = redis.call('HMGET', ticket_key(id), 'error_code', 'error_message', 'attempts', 'stalls', 'died_ms')
  end
  page[#page + 1] = {
    number, id, fields[1] or 'corrupt', fields[2] or 'Its record is corrupt', whole(count_of(fields[3])),
    whole(count_of(fields[4])), whole(count_of(fields[5])),
  }
end
return page
