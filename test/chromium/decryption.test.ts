import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { request_maker } from "../../modules/mod_web_push/request";
import { createLab, createServerKey } from "../modules/push/lab";
import { itLacks } from "../prosody-here";
import { HOST_NAMES } from "../server/hosts";
import { chromium, startBrowser, type Browser, type Target } from "./browser";
import { startSite, type Site } from "./site";

const PAYLOADS = [
	"{\"message-count\":1}",
	"{\"message-count\":1,\"last-message-sender\":\"romeo@montague.lit\",\"last-message-body\":\"Ünï 漢 😀 \\u0000\"}",
	"x".repeat(3993),
	"",
];

describe("what is sent to browsers", () => {
	if (chromium === undefined) {
		itLacks("no Chromium here", "is opened by Chromium", "CHROMIUM_REQUIRED");
		return;
	}
	const path = chromium;
	const server_key = createServerKey();
	let site: Site;
	let browser: Browser;

	beforeAll(async () => {
		site = await startSite({
			"/": "<!DOCTYPE html><title>Receiver</title><script src='receiver.js'></script>",
			"/receiver.js": await readFile(new URL("receiver.js", import.meta.url), "utf8"),
			"/service-worker.js": "",
		});
		browser = await startBrowser(path);
		await browser.allowNotifications(site.origin);
	});
	afterAll(async () => {
		await browser?.close();
		await site?.close();
	});

	const open = (page: Target, body: string): Promise<unknown> => page.evaluate(`open(${JSON.stringify(body)})`);

	describe.each(HOST_NAMES)("from %s", (host_name) => {
		const { require } = createLab(host_name);
		const make = request_maker(require, require("util.crypto"), { server_key, contact_uri: "mailto:push@example.com" });

		/** The body of a request, in base64. */
		const body_for = (keys: { p256dh: string; auth: string }, payload: string): string => {
			const request = make(keys, { service: "https://push.example.com" }, { urgency: "high", ttl: 60 }, payload);
			return require("util.encodings").base64.encode(request!.body);
		};

		it("is opened by Chromium's own cryptography, with keys that it made, and by no other page", async () => {
			const [page, other] = [await browser.open(site.origin), await browser.open(site.origin)];
			const keys = await page.evaluate("subscribe()") as { p256dh: string; auth: string };
			await other.evaluate("subscribe()");
			for (const payload of PAYLOADS) expect(await open(page, body_for(keys, payload))).toBe(payload);

			await expect(open(other, body_for(keys, "secret"))).rejects.toThrow("OperationError");
			const changed = Buffer.from(body_for(keys, "secret"), "base64");
			changed[changed.length - 1]! ^= 1;
			await expect(open(page, changed.toString("base64"))).rejects.toThrow("OperationError");
		});
	});

	it("is signed with a key that Chromium subscribes for", async () => {
		const page = await browser.open(site.origin);
		const answer_to = (key: string): Promise<unknown> => page.evaluate(`subscribeWith(${JSON.stringify(key)})`);
		expect(await answer_to(server_key.public_key)).toBe("waiting");
		expect(await answer_to(server_key.public_key.slice(0, -4))).toBe("InvalidAccessError");
		expect(await answer_to(Buffer.alloc(65, 3).toString("base64url"))).toBe("InvalidAccessError");
	});
});
