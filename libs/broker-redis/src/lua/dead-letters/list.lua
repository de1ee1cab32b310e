-- One page of dead letters, oldest first.
-- args   after: number of the dead letter after which the page begins
-- reply  {'more' or 'end', {number, id, code, message, attempts, stalls, died_ms}, ...}
-- uses: store, numbers, tickets, dead_letters
dead_letters.expect()
local limit = args.limit
local found = redis.call('ZRANGEBYSCORE', dead_letters.all, '(' .. args.after, '+inf', 'WITHSCORES', 'LIMIT', 0, limit + 1)
local page = { #found / 2 > limit and 'more' or 'end' }
for i = 1, math.min(#found, limit * 2), 2 do
  local id, number = found[i], found[i + 1]
  local fields = {}
  if store.type_of(tickets.key(id)) == 'hash' then
    fields = redis.call('HMGET', tickets.key(id), 'error_code', 'error_message', 'attempts', 'stalls', 'died_ms')
  end
  page[#page + 1] = {
    number, id, fields[1] or 'corrupt', fields[2] or 'Its record is corrupt', numbers.whole(numbers.count_of(fields[3])),
    numbers.whole(numbers.count_of(fields[4])), numbers.whole(numbers.count_of(fields[5])),
  }
end
return page
