--- Metrics of a module.

local statsmanager = require "core.statsmanager";

local api = {};

function api:measure(name, stat_type, conf)
	self:add_item("measure", { name = name, type = stat_type, conf = conf });
	local full_name = "mod_"..self.name.."/"..name;
	if self.host == "*" then return statsmanager.measure(stat_type, full_name, conf); end
	return statsmanager.measure(stat_type, full_name, conf, "host", self.host);
end

--- A family of metrics; one of a host's modules has the host as its first label.
function api:metric(metric_type, name, unit, description, label_keys, conf)
	local is_scoped = self.host ~= "*";
	local labels = { is_scoped and "host" or nil };
	for _, label in ipairs(label_keys or {}) do table.insert(labels, label); end
	local family = statsmanager.metric(
		metric_type, "prosody_mod_"..self.name.."/"..name, unit, description, labels, conf);
	self:add_item("metric", { name = name, mf = family });
	return is_scoped and family:with_partial_label(self.host) or family;
end

return api;
