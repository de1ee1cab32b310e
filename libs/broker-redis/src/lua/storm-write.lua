-- Writes what whoever looks for bursts found to the storm log: a suspicion, or what arrives all the time.
-- ARGV   entry (JSON)
-- reply  {'written'}
-- uses: domain, reserve, storm-log

expect_storm_log()
write_entry(ARGV[1])
return { 'written' }
