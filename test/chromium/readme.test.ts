import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { parse } from "ltx";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { request_maker } from "../../modules/mod_web_push/request";
import { createLab, createServerKey } from "../modules/push/lab";
import { itLacks } from "../prosody-here";
import { chromium, startBrowser, type Browser, type Target } from "./browser";
import { startSite, type Site } from "./site";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The code in the README whose first line is the name of its file. */
function code_named(readme: string, name: string): string {
	const blocks = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code!);
	const code = blocks.find((block) => block.startsWith(`// ${name}\n`));
	if (code === undefined) throw new Error(`no block of code in README.md begins with // ${name}`);
	return code;
}

/** What a client would be built into, with its code as it is in the README. */
async function bundle(code: string): Promise<string> {
	const { outputFiles } = await build({
		stdin: {
			contents: "import \"account\"; import { enableWebPush } from \"client\"; window.enableWebPush = enableWebPush;",
			resolveDir: ROOT,
		},
		plugins: [{
			name: "readme",
			setup({ onResolve, onLoad }) {
				onResolve({ filter: /^client$/ }, ({ path }) => ({ path, namespace: "readme" }));
				onResolve({ filter: /^account$/ }, () => ({ path: fileURLToPath(new URL("account.js", import.meta.url)) }));
				onLoad({ filter: /./, namespace: "readme" }, () => ({ contents: code, resolveDir: ROOT }));
				// xmpp.js asks for Node's DNS, which it does without in browsers.
				onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "node" }));
				onLoad({ filter: /./, namespace: "node" }, () => ({ contents: "" }));
			},
		}],
		bundle: true, format: "iife", platform: "browser", write: false, logLevel: "error",
		define: { global: "window" },
	});
	return outputFiles[0]!.text;
}

interface Notification {
	title: string;
	body: string;
	silent: boolean | null;
}

describe("the README's client", () => {
	if (chromium === undefined) {
		itLacks("no Chromium here", "works in Chromium", "CHROMIUM_REQUIRED");
		return;
	}
	const path = chromium;
	const { require } = createLab("node");
	const server_key = createServerKey();
	let site: Site;
	let browser: Browser;
	let page: Target;
	let registrationId: unknown;
	let onCompleted = (): void => {};

	const enable = (public_key?: string): Promise<unknown> =>
		page.evaluate(`enableWebPush(connect(${JSON.stringify(public_key)}))`);
	/** The stanzas that came to the server since it was asked last. */
	const sent = async () => (await page.evaluate("sent.splice(0)") as string[]).map((xml) => parse(xml));

	/** Lets the service worker have what the browser reads in the body of a request, and waits until it is done with that. */
	async function push(payload: string): Promise<void> {
		const data = await page.evaluate(`open(${JSON.stringify(bodyFor(payload))})`);
		// Until then the list of what is shown is not to be asked for: Chromium forgets what is only about to be shown.
		const completed = new Promise<void>((resolve) => void (onCompleted = resolve));
		await page.send("ServiceWorker.deliverPushMessage", { origin: site.origin, registrationId, data });
		await completed;
	}

	let keys: { p256dh: string; auth: string };

	/** In base64. */
	function bodyFor(payload: string): string {
		const make = request_maker(require, require("util.crypto"), { server_key, contact_uri: "mailto:push@example.com" });
		const request = make(keys, { service: "https://push.example.com" }, { urgency: "high", ttl: 60 }, payload);
		return require("util.encodings").base64.encode(request!.body);
	}

	async function notifications(): Promise<Notification[]> {
		return await page.evaluate(`navigator.serviceWorker.ready
			.then((registration) => registration.getNotifications())
			.then((all) => all.map(({ title, body, silent }) => ({ title, body, silent })))`) as Notification[];
	}

	beforeAll(async () => {
		const readme = await readFile(`${ROOT}README.md`, "utf8");
		site = await startSite({
			"/": "<!DOCTYPE html><title>Client</title><script src='receiver.js'></script><script src='client.js'></script>",
			"/receiver.js": await readFile(new URL("receiver.js", import.meta.url), "utf8"),
			"/client.js": await bundle(code_named(readme, "web-push.js")),
			"/service-worker.js": code_named(readme, "service-worker.js"),
		});
		browser = await startBrowser(path);
		await browser.allowNotifications(site.origin);
		page = await browser.open(site.origin);
		page.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
			registrationId = (registrations as { registrationId: string }[])[0]?.registrationId ?? registrationId;
		});
		await page.send("ServiceWorker.enable");
		page.on("BackgroundService.backgroundServiceEventReceived", ({ backgroundServiceEvent }) => {
			if ((backgroundServiceEvent as { eventName: string }).eventName === "Push event completed") onCompleted();
		});
		await page.send("BackgroundService.startObserving", { service: "pushMessaging" });
		await page.send("BackgroundService.setRecording", { service: "pushMessaging", shouldRecord: true });
	});
	afterAll(async () => {
		await browser?.close();
		await site?.close();
	});

	it("says where a server has no Web Push", async () => {
		await expect(enable()).rejects.toThrow("This server has no Web Push");
		await sent();
	});

	it("subscribes for the server's key, and tells the server", async () => {
		await enable(server_key.public_key);
		const [info, enabling, ...more] = await sent();
		expect(more).toEqual([]);
		expect(info!.attrs).toMatchObject({ type: "get", to: "juliet@localhost" });
		expect(enabling!.attrs).toMatchObject({ type: "set" });
		expect(enabling!.attrs).not.toHaveProperty("to");
		const enable_element = enabling!.getChild("enable", "urn:xmpp:webpush:0")!;
		expect(enable_element.getChildText("endpoint")).toBe("https://push.example.com/1");
		keys = { p256dh: enable_element.getChildText("p256dh")!, auth: enable_element.getChildText("auth")! };
		expect(Object.values(keys).map((key) => Buffer.from(key, "base64url").length)).toEqual([65, 16]);
	});

	it("tells the same when it is online again", async () => {
		await enable(server_key.public_key);
		const [, enabling] = await sent();
		expect(enabling!.getChild("enable")!.getChildText("endpoint")).toBe("https://push.example.com/1");
	});

	it("shows what is pushed", async () => {
		await push("{\"message-count\":1,\"last-message-sender\":\"romeo@montague.lit\",\"last-message-body\":\"Ay me! 😀\"}");
		expect(await notifications()).toEqual([{ title: "romeo@montague.lit", body: "Ay me! 😀", silent: false }]);
	});

	it("shows once what is pushed twice, and leaves what is important where it is", async () => {
		await push("{\"message-count\":1}");
		await push("{\"message-count\":1}");
		await push("{\"message-count\":1,\"last-message-body\":\"New Message!\"}");
		expect((await notifications()).sort((a, b) => (a.body < b.body ? -1 : 1))).toEqual([
			{ title: "New activity", body: "", silent: true },
			{ title: "romeo@montague.lit", body: "Ay me! 😀", silent: false },
			{ title: "New activity", body: "New Message!", silent: false },
		]);
	});

	it.each([
		["opened", "Clients.prototype.matchAll = async () => []", "/"],
		["shown", "Clients.prototype.matchAll = self.matchAll", "the page"],
	])("is %s by a click on what is shown", async (_, windows, expected) => {
		await push("{\"message-count\":1}");
		const worker = await browser.worker(`${site.origin}/service-worker.js`);
		// Windows open, and come to the front, only for clicks of the user's own.
		expect(await worker.evaluate(`(async () => {
			self.matchAll ??= Clients.prototype.matchAll;
			${windows};
			const done = new Promise((resolve) => {
				Clients.prototype.openWindow = async (url) => resolve(url);
				WindowClient.prototype.focus = async () => resolve("the page");
			});
			const [notification] = await registration.getNotifications({ tag: '{"message-count":1}' });
			dispatchEvent(new NotificationEvent("notificationclick", { notification }));
			return done;
		})()`)).toBe(expected);
		await vi.waitFor(async () => expect((await notifications()).map(({ body }) => body)).not.toContain(""));
	});

	it("subscribes anew where the server has a new key", async () => {
		const replaced = createServerKey().public_key;
		await enable(replaced);
		const [, enabling] = await sent();
		const enable_element = enabling!.getChild("enable")!;
		expect(enable_element.getChildText("endpoint")).toBe("https://push.example.com/2");
		expect(enable_element.getChildText("p256dh")).not.toBe(keys.p256dh);
	});
});
