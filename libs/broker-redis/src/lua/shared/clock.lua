-- Time: the server's clock, and ISO 8601.

-- The server's time in milliseconds: the only clock that gateways and workers share.
function clock.now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Milliseconds since 1970 as ISO 8601. The calendar: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
function clock.iso(ms)
  local days = math.floor(ms / 86400000)
  local in_day = ms - days * 86400000
  local shifted = days + 719468
  local era = math.floor(shifted / 146097)
  local day_of_era = shifted - era * 146097
  local year_of_era = math.floor((day_of_era - math.floor(day_of_era / 1460) + math.floor(day_of_era / 36524)
    - math.floor(day_of_era / 146096)) / 365)
  local day_of_year = day_of_era - (365 * year_of_era + math.floor(year_of_era / 4) - math.floor(year_of_era / 100))
  local shifted_month = math.floor((5 * day_of_year + 2) / 153)
  local day = day_of_year - math.floor((153 * shifted_month + 2) / 5) + 1
  local month = shifted_month < 10 and shifted_month + 3 or shifted_month - 9
  local year = year_of_era + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day, math.floor(in_day / 3600000),
    math.floor(in_day / 60000) % 60, math.floor(in_day / 1000) % 60, in_day % 1000)
end
