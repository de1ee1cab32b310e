-- What was written to the storm log.
-- ARGV   id of the entry that the caller knows last, or ''; most entries
-- reply  see `entries_after`
-- uses: domain, storm-log

expect_storm_log()
return entries_after(ARGV[1], tonumber(ARGV[2]))
