-- Writes to the storm log by which rules it is to be read from now on, unless they hold already.
-- ARGV   the rules as an entry (JSON)
-- reply  {'written'} | {'known'}
-- uses: domain, reserve, storm-log

expect_storm_log()
expect('string', storm_rules)
if redis.call('GET', storm_rules) == ARGV[1] then
  return { 'known' }
end
write_entry(ARGV[1])
redis.call('SET', storm_rules, ARGV[1])
return { 'written' }
