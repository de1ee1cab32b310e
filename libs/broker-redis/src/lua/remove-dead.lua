-- Forgets a dead ticket for good.
-- ARGV   id
-- reply  {'removed'} | {'not_found'}
-- uses: domain, unfinished, dead

expect_dead()
if redis.call('ZREM', dead, ARGV[1]) == 0 then
  return { 'not_found' }
end
forget(ARGV[1])
return { 'removed' }
