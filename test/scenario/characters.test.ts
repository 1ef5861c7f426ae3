import { describe, expect, it } from "vitest";
import { parse, problem } from "./script";

const withCast = (cast: string) => `${cast}\n---------\nlocalhost restarts\n`;
const characters = (cast: string) => parse(withCast(cast)).characters;

describe("[Client]", () => {
	it("has defaults", () => {
		expect(characters("[Client] Romeo\n\tjid: romeo@localhost")).toEqual([
			{ kind: "client", name: "Romeo", jid: "romeo@localhost", password: "password", smacks: "no", sasl2: false },
		]);
	});

	it("has what the script says, indented with tabs or spaces, with comments between", () => {
		const cast = "[Client] Juliet's phone\n  jid: juliet@localhost\n\n# a comment\n\t# another\n\tpassword: a: b  \n"
			+ "\tresource: mobile\n\tsmacks:resume\n\tsasl2: yes\n    client_id: 42";
		expect(characters(cast)).toEqual([{
			kind: "client", name: "Juliet's phone", jid: "juliet@localhost/mobile", password: "a: b", smacks: "resume",
			sasl2: true, client_id: "42",
		}]);
	});

	it("tells its id with SASL2", () => {
		expect(characters("[Client] A\n\tjid: a@localhost\n\tclient_id: x")).toMatchObject([{ sasl2: true, client_id: "x" }]);
	});
});

describe("[Component]", () => {
	it("answers with a result by default", () => {
		expect(characters("[Component] App server\n\tjid: push.localhost\n\tpassword: secret")).toEqual([{
			kind: "component", name: "App server", jid: "push.localhost", password: "secret", answers: { with: "result" },
		}]);
	});

	it.each([
		["result", { with: "result" }],
		["nothing", { with: "nothing" }],
		["error wait  resource-constraint", { with: "error", type: "wait", condition: "resource-constraint" }],
	])("answers: %s", (text, answers) => {
		expect(characters(`[Component] A\n\tjid: a.localhost\n\tanswers: ${text}`)).toMatchObject([{ answers }]);
	});
});

describe("[WebPush]", () => {
	it("answers with 201 by default", () => {
		expect(characters("[WebPush] Browser"))
			.toEqual([{ kind: "webpush", name: "Browser", answers: { with: "status", status: 201 } }]);
	});

	it.each([
		["404", { with: "status", status: 404 }],
		["429 retry-after 10", { with: "status", status: 429, retry_after: 10 }],
		["nothing", { with: "nothing" }],
	])("answers: %s", (text, answers) => {
		expect(characters(`[WebPush] Browser\n\tanswers: ${text}`)).toMatchObject([{ answers }]);
	});
});

describe("characters", () => {
	it("may be called like members of objects", () => {
		const names = ["__proto__", "constructor", "length", "5"];
		const cast = names.map((name) => `[Client] ${name}\n\tjid: ${name}@localhost`).join("\n");
		expect(characters(cast).map(({ name }) => name)).toEqual(names);
	});

	it.each([
		["[Server] X", 1, "expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"[Server] X\""],
		["[Client Romeo", 1, "expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"[Client Romeo\""],
		["Romeo", 1, "expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"Romeo\"; "
			+ "a line of dashes (---------) must come before the steps"],
		["[Client] A\n\tjid: a@localhost\n\nA sends:\n\t<presence/>", 4,
			"expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"A sends:\"; "
			+ "a line of dashes (---------) must come before the steps"],
		["[constructor] X", 1, "expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"[constructor] X\""],
		["[Client]", 1, "expected a name after [Client]"],
		["[Client] localhost", 1, "localhost is the server and cannot be the name of a character"],
		["\tjid: a@localhost", 1,
			"unexpected indentation, expected a line such as [Client] Romeo before \"jid: a@localhost\""],
		["[Client] A\n\tpassword: x", 1, "\"A\" has no jid"],
		["[Component] A", 1, "\"A\" has no jid"],
		["[Client] A\n\tjid a@localhost", 2, "expected key: value, got \"jid a@localhost\""],
		["[Client] A\n\t: a@localhost", 2, "expected key: value, got \": a@localhost\""],
		["[Client] A\njid: a@localhost", 2,
			"expected [Client] NAME, [Component] NAME, [WebPush] NAME, got \"jid: a@localhost\""],
		["[Client] A\n\tjid: a@localhost\n\tjid: b@localhost", 3, "\"A\" has a jid already"],
		["[Client] A\n\tjid: a@localhost\n\tpasword: b", 3,
			"unknown property \"pasword\", expected one of jid, password, resource, smacks, sasl2, client_id"],
		["[Client] A\n\tjid: a@localhost\n\t__proto__: b", 3,
			"unknown property \"__proto__\", expected one of jid, password, resource, smacks, sasl2, client_id"],
		["[WebPush] A\n\tjid: a@localhost", 2, "unknown property \"jid\", expected one of answers"],
		["[Client] A\n\tjid: localhost", 2, "jid: expected NAME@localhost or NAME@localhost/RESOURCE, got \"localhost\""],
		["[Client] A\n\tjid: a@example.com", 2,
			"jid: expected NAME@localhost or NAME@localhost/RESOURCE, got \"a@example.com\""],
		["[Client] A\n\tjid: a@localhost/", 2,
			"jid: expected NAME@localhost or NAME@localhost/RESOURCE, got \"a@localhost/\""],
		["[Client] A\n\tjid:", 2, "jid: expected NAME@localhost or NAME@localhost/RESOURCE, got \"\""],
		["[Client] A\n\tjid: a@localhost/x\n\tresource: y", 3, "resource: the jid has a resource already"],
		["[Client] A\n\tjid: a@localhost\n\tresource:", 3, "resource: expected a value"],
		["[Client] A\n\tjid: a@localhost\n\tsmacks: maybe", 3, "smacks: expected resume or yes or no, got \"maybe\""],
		["[Client] A\n\tjid: a@localhost\n\tsasl2: 1", 3, "sasl2: expected yes or no, got \"1\""],
		["[Client] A\n\tjid: a@localhost\n\tsasl2: no\n\tclient_id: x", 4,
			"client_id: a client tells its id only with sasl2: yes"],
		["[Component] A\n\tjid: a@b", 2, "jid: expected a domain other than localhost, such as push.localhost, got \"a@b\""],
		["[Component] A\n\tjid: localhost", 2,
			"jid: expected a domain other than localhost, such as push.localhost, got \"localhost\""],
		["[Component] A\n\tjid: a.b\n\tanswers: 201", 3,
			"answers: expected result, nothing, or error TYPE CONDITION such as error cancel item-not-found"],
		["[Component] A\n\tjid: a.b\n\tanswers: error", 3,
			"answers: expected result, nothing, or error TYPE CONDITION such as error cancel item-not-found"],
		["[Component] A\n\tjid: a.b\n\tanswers: error nope item-not-found", 3,
			"answers: expected an error type: auth, cancel, continue, modify, wait, got \"nope\""],
		["[Component] A\n\tjid: a.b\n\tanswers: error wait nope", 3,
			"answers: expected an error condition of RFC 6120 such as item-not-found, got \"nope\""],
		["[WebPush] A\n\tanswers: result", 2,
			"answers: expected a status from 200 to 599 such as 201, 429 retry-after 10 (seconds), or nothing"],
		["[WebPush] A\n\tanswers: 600", 2,
			"answers: expected a status from 200 to 599 such as 201, 429 retry-after 10 (seconds), or nothing"],
		["[WebPush] A\n\n[WebPush] A", 3, "there is a character \"A\" already"],
		["[Component] A\n\tjid: a.b\n[Component] B\n\tjid: a.b", 3, "\"A\" is the component a.b already"],
	])("%j", (cast, line, message) => {
		expect(problem(withCast(cast))).toBe(`test.scs:${line}: ${message}`);
	});
});
