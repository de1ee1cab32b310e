-- Numbers as Redis has them: as text.

-- A whole number as text: Lua by itself would round large ones.
function numbers.whole(number)
  return string.format('%.0f', number)
end

-- What Redis itself can count with: it refuses leading zeros.
function numbers.is_count(text)
  return text == false or text == nil or text == '0' or (string.match(text, '^%-?[1-9]%d*$') ~= nil and #text <= 15)
end

-- The number that a text stands for, where a corrupt one is not worth stopping for.
function numbers.count_of(text)
  return text and numbers.is_count(text) and tonumber(text) or 0
end
