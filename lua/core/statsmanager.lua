--- Metrics in memory, with the names and methods of Prosody's core.statsmanager (OpenMetrics). Nothing collects them:
-- they count, and whoever wants to know reads the registry.

local now = require "util.time".now;

local gauge, counter, histogram, summary = {}, {}, {}, {};
local metric_mts = {};
for type_name, methods in pairs { gauge = gauge, counter = counter, histogram = histogram, summary = summary } do
	metric_mts[type_name] = { __index = methods };
end

function gauge:set(value) self.value = value; end
function gauge:add(delta) self.value = self.value + delta; end
function gauge:reset() self.value = 0; end

function counter:set(value) self.value = value; end
function counter:add(value) self.value = self.value + value; end
function counter:reset() self.value = 0; end

function summary:sample(value)
	self._sum = self._sum + value;
	self._count = self._count + 1;
end
function summary:reset()
	self._created, self._sum, self._count = now(), 0, 0;
end

-- A value counts in every bucket whose threshold it does not exceed.
function histogram:sample(value)
	summary.sample(self, value);
	for _, bucket in ipairs(self) do
		if value <= bucket.threshold then bucket.count = bucket.count + 1; end
	end
end
function histogram:reset()
	summary.reset(self);
	for _, bucket in ipairs(self) do bucket.count = 0; end
end

local function new_metric(family)
	local metric = setmetatable({ value = 0, _created = now(), _sum = 0, _count = 0 }, metric_mts[family.type]);
	for i, threshold in ipairs(family.conf and family.conf.buckets or {}) do
		metric[i] = { threshold = threshold, count = 0 };
	end
	return metric;
end

-- A family is the metrics of one name: one for each combination of label values.
local family = {};
local family_mt = { __index = family };

function family:with_labels(...)
	local labels = table.pack(...);
	assert(labels.n == #self.label_keys, "number of labels must match number of label keys");
	for i = 1, labels.n do labels[i] = tostring(labels[i]); end
	local key = table.concat(labels, "\0");
	self.metrics[key] = self.metrics[key] or new_metric(self);
	return self.metrics[key];
end

--- The family with its first labels filled in.
function family:with_partial_label(...)
	local first = table.pack(...);
	local parent = self;
	return setmetatable({
		with_labels = function (_, ...)
			local all = { table.unpack(first, 1, first.n) };
			local rest = table.pack(...);
			table.move(rest, 1, rest.n, first.n + 1, all);
			return parent:with_labels(table.unpack(all, 1, first.n + rest.n));
		end;
	}, family_mt);
end

-- Of a family without labels, the one metric.
for _, method in ipairs { "set", "add", "sample" } do
	family[method] = function (self, value) return self:with_labels()[method](self:with_labels(), value); end
end

-- Families by type and name.
local registry = {};

local function metric(type_name, name, unit, description, label_keys, conf)
	assert(metric_mts[type_name], "unknown metric family type: "..tostring(type_name));
	local key = type_name.."/"..name;
	registry[key] = registry[key] or setmetatable({
		type = type_name;
		name = name;
		unit = unit or "";
		description = description or "";
		label_keys = label_keys or {};
		conf = conf;
		metrics = {};
	}, family_mt);
	return registry[key];
end

-- What module:measure offers, by type: the type of metric behind it, and the function that takes measurements.
local measurements = {
	amount = { "gauge", function (measured) return function (value) measured:set(value); end end };
	counter = { "counter", function (measured) return function (value) measured:add(value); end end };
	rate = { "counter", function (measured) return function () measured:add(1); end end };
	sizes = { "histogram", function (measured) return function (value) measured:sample(value); end end };
	distribution = { "summary", function (measured) return function (value) measured:sample(value); end end };
	-- Starts to take the time; what it answers stops.
	times = { "histogram", function (measured)
		return function ()
			local start = now();
			return function () measured:sample(now() - start); end
		end
	end };
};

local buckets = {
	times = { 0.001, 0.01, 0.1, 1.0, 10.0, 100.0 };
	sizes = { 1024, 4096, 32768, 131072, 1048576, 4194304, 33554432, 134217728, 1073741824 };
};

--- A function that takes measurements of this type.
local function measure(type_name, name, conf, label_key, label_value)
	local measurement = assert(measurements[type_name], "unknown legacy metric type "..tostring(type_name));
	local metric_type, new_measure = measurement[1], measurement[2];
	conf = type(conf) == "table" and conf or { initial = conf };
	local metric_family = metric(metric_type, "prosody_"..name, conf.unit, conf.description or name.." "..type_name,
		label_key and { label_key } or {}, { buckets = conf.buckets or buckets[type_name] });
	local measured = label_key and metric_family:with_labels(label_value) or metric_family:with_labels();
	if type_name == "amount" then measured:set(tonumber(conf.initial) or 0); end
	return new_measure(measured);
end

return {
	measure = measure;
	metric = metric;
	get_metric_registry = function () return registry; end;
	cork = function () end;
	uncork = function () end;
};
