-- claims.lua - submits each prepared claim once. wrk ... -- FILE COOKIE CSRF FROM TO: lines FROM..TO of
-- FILE ("item claim") are shared out among the threads.
local count = 0

function setup(thread)
  thread:set("number", count)
  count = count + 1
  thread:set("threads", 2)
end

function init(args)
  local from, to = tonumber(args[4]), tonumber(args[5])
  wrk.method = "POST"
  wrk.body = "{}"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Cookie"] = args[2]
  wrk.headers["X-CSRF-Token"] = args[3]
  lines, at, n = {}, 0, 0
  for line in io.lines(args[1]) do
    n = n + 1
    if n >= from and n <= to and n % threads == number then lines[#lines + 1] = line end
  end
  math.randomseed(number * 7919 + from)
end

function request()
  at = at + 1
  local item, claim = string.match(lines[(at - 1) % #lines + 1], "(%S+) (%S+)")
  -- the tail of the claim's id, which comes once, makes the key unique
  wrk.headers["Idempotency-Key"] = string.sub(claim, 1, 24) .. string.format("%012x", at)
  return wrk.format(nil, "/items/" .. item .. "/claims/" .. claim .. "/submission")
end
