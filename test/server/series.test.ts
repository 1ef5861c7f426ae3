import { describe, expect, it } from "vitest";
import { HOST_NAMES, World, child, childText } from "./world";
import type { Series } from "../../bridge/server/series";

const SERIES: readonly Series[] = ["0.12", "13.0"];

/** Where the series differ in what clients and components see. */
describe.each(HOST_NAMES)("the series on %s", (host) => {
	/** What each series shows. */
	function inEach<Shown>(show: (world: World) => Shown): Shown[] {
		return SERIES.map((series) => show(new World(host, {}, undefined, series)));
	}

	it("tell other clients why a connection broke", () => {
		expect(inEach((world) => {
			const phone = world.online("juliet@localhost/phone");
			const desk = world.online("juliet@localhost/desk");
			phone.take();
			desk.client.loseConnection();
			world.online("juliet@localhost/desk").client.disconnect();
			return phone.take().filter(({ attrs }) => attrs.type === "unavailable").map((presence) => childText(presence, "status"));
		})).toEqual([[undefined, undefined], ["Disconnected: closed", undefined]]);
	});

	it("tell who says that a recipient is gone", () => {
		expect(inEach((world) => {
			const phone = world.online("juliet@localhost/phone", { smacks: "resume" });
			const romeo = world.online("romeo@localhost/orchard");
			phone.client.loseConnection();
			romeo.send("<iq type='get' id='1' to='juliet@localhost/phone'><ping xmlns='urn:xmpp:ping'/></iq>");
			world.pass(601);
			return romeo.take().map((bounce) => child(bounce, "error")?.attrs);
		})).toEqual([[{ type: "cancel" }], [{ type: "cancel", by: "juliet@localhost" }]]);
	});

	it("tell who says that a server cannot be found", () => {
		expect(inEach((world) => {
			const juliet = world.phone("juliet@localhost/phone");
			juliet.send("<message to='tybalt@example.org' type='chat'/>");
			world.pass(0);
			return juliet.take().map((bounce) => child(bounce, "error")?.attrs);
		})).toEqual([[{ type: "cancel", by: "localhost" }], [{ type: "cancel" }]]);
	});

	it("count what is in an archive, or only what is not", () => {
		const MAM = "urn:xmpp:mam:2";
		expect(inEach((world) => {
			const juliet = world.phone("juliet@localhost/phone");
			const count = () => {
				juliet.send(`<iq type='set' id='1'><query xmlns='${MAM}'/></iq>`);
				return childText(child(child(juliet.take().at(-1), "fin", MAM), "set"), "count");
			};
			const before = count();
			juliet.send("<message to='romeo@localhost' type='chat'><body>Hi</body></message>");
			return [before, count()];
		})).toEqual([["0", "1"], ["0", undefined]]);
	});

	it("have archive ids of another length, which takes room in what is encrypted", () => {
		expect(inEach((world) => {
			const phone = world.online("juliet@localhost/phone");
			const romeo = world.online("romeo@localhost/orchard");
			romeo.send("<message to='juliet@localhost' type='chat'><body>Hi</body></message>");
			return child(phone.take().at(-1), "stanza-id")?.attrs.id?.length;
		})).toEqual([24, 36]);
	});

	it("take stanzas of components without a sender, or end the stream", () => {
		expect(inEach((world) => {
			const app = world.app("app.localhost");
			const juliet = world.online("juliet@localhost/phone");
			app.component.send("<message to='juliet@localhost/phone'/>");
			return [juliet.take().map(({ attrs }) => attrs.from), app.component.connected];
		})).toEqual([[["app.localhost"], true], [[], false]]);
	});

	it("complain about answers of components to nobody, or do not", () => {
		expect(inEach((world) => {
			const app = world.app("app.localhost");
			app.component.send("<iq type='result' id='1' from='app.localhost'/>");
			app.component.send("<iq type='set' id='2' from='app.localhost'><x xmlns='u'/></iq>");
			return app.take().map(({ attrs }) => attrs.id);
		})).toEqual([["1", "2"], ["2"]]);
	});
});
