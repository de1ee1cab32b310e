-- Numbers as Redis has them: as text.

-- A whole number as text: Lua by itself would round large ones.
function numbers.whole(number)
  return string.format('%.0f', number)
end

-- Whether Redis can increment this value: it refuses leading zeros.
function numbers.is_count(text)
  return text == false or text == nil or text == '0' or (string.match(text, '^%-?[1-9]%d*$') ~= nil and #text <= 15)
end

-- The number of a text, where a corrupt one should not stop the command.
function numbers.count_of(text)
  return text and numbers.is_count(text) and tonumber(text) or 0
end
