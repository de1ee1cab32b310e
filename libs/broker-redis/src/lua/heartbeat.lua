-- Renews claims.
-- ARGV   lease in ms; then for each claim: id, token
-- reply  the ids of claims that are no longer held
-- uses: domain, lanes

local lost = {}
for i = 2, #ARGV, 2 do
  local lock = lock_key(ARGV[i])
  if type_of(lock) == 'string' and redis.call('GET', lock) == ARGV[i + 1] then
    redis.call('PEXPIRE', lock, ARGV[1])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
