-- For wrk: each request is a POST whose body has as many bytes as the argument says.
function init(arguments)
    wrk.method = "POST"
    wrk.body = string.rep("x", tonumber(arguments[1]))
    wrk.headers["Content-Type"] = "application/octet-stream"
end
