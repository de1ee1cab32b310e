-- Renews claims.
-- reply  the ids of claims that are lost
-- uses: store, tickets
local lost = {}
for i = argument.ITEMS, #ARGV, field.COUNT do
  local lock = tickets.lock_key(ARGV[i])
  if store.type_of(lock) == 'string' and redis.call('GET', lock) == ARGV[i + field.token] then
    redis.call('PEXPIRE', lock, ARGV[argument.lease_ms])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
