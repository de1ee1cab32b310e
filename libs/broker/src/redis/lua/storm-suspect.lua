-- Writes a suspicion to the storm log.
-- ARGV   entry (JSON)
-- reply  {'written'}
-- uses: domain, storm-log

expect_storm_log()
write_entry(ARGV[1])
return { 'written' }
