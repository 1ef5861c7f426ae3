import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { createLua } from "./lua";
import { installFiles } from "../../bridge/fengari/files";

const { crossing, run } = createLua();
installFiles(crossing.L);

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All results of an expression, in which `path` is the file's path, as text. */
function results(expression: string, path = join(folder, "file")): string {
	return run(`path = ...;
		local results = table.pack(pcall(function () return ${expression} end));
		for i = 1, results.n do results[i] = tostring(results[i]); end
		return table.concat(results, ", ", 2);`, path);
}

describe("io", () => {
	it("says why a file cannot be opened", () => {
		const path = join(folder, "none");
		expect(results("io.open(path)", path)).toBe(`nil, ${path}: No such file or directory, 2`);
		expect(results("io.open(path, 'rw')")).toContain("bad argument #2 to 'open' (invalid mode)");
		for (const call of ["io.lines(path)", "io.input(path)"]) {
			expect(results(call, path)).toMatch(new RegExp(`: cannot open file '${path}' \\(No such file or directory\\)$`));
		}
		expect(results("io.open(path):read('a')", folder)).toBe("nil, Is a directory, 21");
	});

	it("writes, appends and changes files", () => {
		const path = join(folder, "written");
		run(`local path = ...;
			local file = assert(io.open(path, "w"));
			assert(file:write("one\\n", 2, "\\n", 2.5, "\\xff\\0") == file);
			assert(file:seek() == 11 and file:close());
			file = io.open(path, "a"); file:write("end"); file:close();
			file = io.open(path, "r+"); file:write("O"); assert(file:read("l") == "ne"); file:close();`, path);
		expect(readFileSync(path)).toEqual(Buffer.from("One\n2\n2.5\xff\0end", "latin1"));
	});

	it("reads by formats", () => {
		writeFileSync(join(folder, "file"), "first\nsecond\n12 0x1F -3.5e2 word\nlast");
		expect(results("io.open(path):read('l', 'L', 'n', 'n', '*n', 5, 'a', 'a', 'l')")).toBe(
			"first, second\n, 12, 31, -350.0,  word, \nlast, , nil",
		);
		expect(results("io.open(path):read('n', 'l')")).toBe("nil");
		expect(results("io.open(path):read(0), io.open(path):read('x')")).toContain("invalid format");
	});

	it("reads lines of any length, and by formats", () => {
		writeFileSync(join(folder, "file"), `${"x".repeat(10_000)}\n\nlast`);
		expect(run(`local lengths = {};
			for line in io.lines(...) do lengths[#lengths + 1] = #line; end
			return table.concat(lengths, " ")`, join(folder, "file"))).toBe("10000 0 4");
		expect(results("select('#', io.lines(path, 1, 2)())")).toBe("2");
		expect(run(`local file = io.open(...); local lines = file:lines(); file:close();
			return select(2, pcall(lines))`, join(folder, "file"))).toContain("file is already closed");
	});

	it("seeks", () => {
		writeFileSync(join(folder, "file"), "0123456789");
		expect(run(`local file = io.open(...);
			return table.concat({
				file:seek("end"), file:seek("set", 2), file:read(3), file:seek("cur", -1), file:read(1),
			}, " ")`,
		join(folder, "file"))).toBe("10 2 234 4 4");
		expect(results("io.open(path):seek('set', -1)")).toBe("nil, Invalid argument, 22");
		expect(results("io.stdin:seek('there')")).toContain("invalid option 'there'");
	});

	it("knows files, open and closed", () => {
		expect(run(`local file = io.open(...);
			local open = io.type(file); file:close();
			return open..", "..io.type(file)..", "..tostring(io.type(5))..", "..tostring(file)`, join(folder, "file")))
			.toBe("file, closed file, nil, file (closed)");
		expect(run("local file = io.open(...); file:close(); return select(2, pcall(file.read, file))", join(folder, "file")))
			.toContain("attempt to use a closed file");
		expect(results("io.read(5)")).not.toContain("attempt");
	});

	it("has defaults that can be set", () => {
		const path = join(folder, "default");
		expect(run(`local path = ...;
			io.output(path); io.write("text"); io.close(); io.output(io.stdout);
			io.input(path);
			local text = io.read("a");
			io.input():close(); io.input(io.stdin);
			return text;`, path)).toBe("text");
	});

	it("makes temporary files", () => {
		expect(run("local file = io.tmpfile(); file:write('x'); file:seek('set'); return file:read('a')")).toBe("x");
		expect(run("local name = os.tmpname(); return io.open(name) ~= nil and os.remove(name)")).toBe(true);
	});
});

describe("os", () => {
	it("removes and renames", () => {
		const path = join(folder, "moved");
		writeFileSync(path, "");
		mkdirSync(join(folder, "empty"));
		expect(results("os.rename(path, path..'2'), os.remove(path..'2')", path)).toBe("true, true");
		expect(results("os.remove(path)", path)).toBe(`nil, ${path}: No such file or directory, 2`);
		expect(results("os.rename(path, path)", path)).toBe("nil, No such file or directory, 2");
		expect(results("os.remove(path)", join(folder, "empty"))).toBe("true");
	});
});

describe("lfs", () => {
	it("tells of files and walks through folders", () => {
		const path = join(folder, "listed");
		expect(results("require 'lfs'.mkdir(path)", path)).toBe("true");
		expect(results("require 'lfs'.mkdir(path)", path)).toBe("nil, File exists, 17");
		writeFileSync(join(path, "a"), "12345");
		expect(results("require 'lfs'.attributes(path, 'mode'), require 'lfs'.attributes(path..'/a').size", path))
			.toBe("directory, 5");
		expect(results("require 'lfs'.attributes(path)", join(path, "b")))
			.toBe(`nil, cannot obtain information from file '${join(path, "b")}': No such file or directory`);
		expect(run(`local names = {};
			for name in require "lfs".dir(...) do names[#names + 1] = name; end
			table.sort(names);
			return table.concat(names, " ")`, path)).toBe(". .. a");
		expect(results("require 'lfs'.dir(path)", join(path, "b"))).toContain("No such file or directory");
		expect(results("os.remove(path..'/a'), require 'lfs'.rmdir(path)", path)).toBe("true, true");
	});
});

it("no host lets modules at files", () => {
	expect(createLua().run("return io.open")).toBeUndefined();
});
