import { describe, expect } from "vitest";
import { disable, enable, message, pushTo, type Device } from "./devices";
import { itUnlessLacking, prosodyRoots } from "../prosody-here";
import { lackingFor, Play } from "./play";

const CAST = `
[Client] Phone
	jid: juliet@localhost/phone
	smacks: resume

[Client] Tablet
	jid: juliet@localhost/tablet

[Client] Watch
	jid: juliet@localhost/watch

[Client] Romeo
	jid: romeo@localhost/orchard

[Component] App server
	jid: push.localhost

[Component] Other app server
	jid: push.example
`;

const phone: Device = { name: "Phone", jid: "push.localhost", node: "phone-node", options: { secret: "été", priority: "high" } };
const tablet: Device = { name: "Tablet", jid: "push.localhost", node: "tablet-node" };
const watch: Device = { name: "Watch", jid: "push.example", options: { secret: "watch secret" } };
const tablet_later: Device = { ...tablet, options: { secret: "tablet secret" } };

/** The devices do so one after the other, each connected meanwhile; then they are offline. */
function each(devices: Device[], steps: (device: Device) => string): string {
	return devices.map((device) => `${device.name} connects\n${steps(device)}${device.name} disconnects\n`).join("");
}

/** Ways to have the server go on with a file that was replaced. */
const SWAPS = { "a restart": "localhost restarts\n", "a reload": "localhost reloads cloud_notify\n" };

describe.concurrent.each(prosodyRoots)("on the Prosody in %s", (root) => {
	const lacking = lackingFor(root, "ours") ?? lackingFor(root, "original");

	for (const [how, swap] of Object.entries(SWAPS)) {
		itUnlessLacking(lacking, `registrations go from the original to ours and back with ${how}`, async () => {
			await Play.on(root, "original", CAST, async (play) => {
				/** The pushes for a message that nobody is connected for. */
				const offlineMessage = async (): Promise<object[]> => {
					await play.act("Romeo connects", message("Hello"), "Romeo disconnects");
					return play.pushes();
				};
				await play.act(each([phone, tablet, watch], enable));
				expect(await offlineMessage()).toEqual([pushTo(watch), pushTo(phone), pushTo(tablet)]);

				play.replaceFile("ours");
				await play.act(swap);
				expect(await offlineMessage()).toEqual([pushTo(watch), pushTo(phone), pushTo(tablet)]);
				await play.act(each([watch, tablet], disable));
				expect(await offlineMessage()).toEqual([pushTo(phone)]);
				await play.act(each([tablet_later], enable));
				expect(await offlineMessage()).toEqual([pushTo(phone), pushTo(tablet_later)]);

				play.replaceFile("original");
				await play.act(swap);
				expect(await offlineMessage()).toEqual([pushTo(phone), pushTo(tablet_later)]);
				await play.act(each([tablet_later], disable));
				expect(await offlineMessage()).toEqual([pushTo(phone)]);

				play.replaceFile("ours");
				await play.act(swap);
				expect(await offlineMessage()).toEqual([pushTo(phone)]);
				expect(play.complaints).toEqual([]);
			});
		});
	}

	itUnlessLacking(lacking, "a session that hibernates is pushed for, whichever takes over", async () => {
		await Play.on(root, "original", CAST, async (play) => {
			await play.act("Romeo connects", "Phone connects", "Phone sends:\n\t<presence/>", "Phone receives:\n\t<presence/>");
			await play.act(enable(phone), "Phone loses its connection");
			const bodies = ["to the original", "to ours", "to the original again"];
			for (const [index, body] of bodies.entries()) {
				if (index > 0) {
					play.replaceFile(index === 1 ? "ours" : "original");
					await play.act("localhost reloads cloud_notify");
				}
				await play.act(message(body), "1.7 seconds pass");
				expect(play.pushes(), body).toEqual([pushTo(phone)]);
			}
			await play.act("Phone resumes", ...bodies.map((body) => `Phone receives:\n\t<message><body>${body}</body></message>`));
			expect(play.complaints).toEqual([]);
		});
	});
});
