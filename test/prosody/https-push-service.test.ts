import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { certificateFor } from "../../bridge/webpush/certificate";
import { connect } from "node:tls";
import { HttpsPushService } from "../../bridge/prosody/push-service";
import { once } from "node:events";
import { request } from "node:https";
import { requestTo } from "../webpush/requests";
import type { IncomingMessage } from "node:http";
import type { Push, PushRequest } from "../../bridge/webpush/service";

const { cert: ca } = certificateFor("localhost");

let service: HttpsPushService;
let pushes: Push[];

beforeEach(async () => {
	pushes = [];
	service = await HttpsPushService.open(
		{ kind: "webpush", name: "Browser", answers: { with: "status", status: 201 } }, (push) => pushes.push(push),
	);
});

afterEach(() => service.close());

function pushRequest(): PushRequest {
	return requestTo(service.subscribe(undefined), "{}", { TTL: 1 });
}

async function post({ method, url, headers, body }: PushRequest): Promise<IncomingMessage> {
	const { port, pathname } = new URL(url);
	const sent = request({ host: "127.0.0.1", servername: "localhost", port, path: pathname, method, headers, ca, agent: false });
	sent.end(body);
	const [response] = await once(sent, "response") as [IncomingMessage];
	response.resume();
	return response;
}

describe("a push service behind HTTPS", () => {
	it("takes requests, and answers them", async () => {
		const response = await post(pushRequest());
		expect(response.statusCode).toBe(201);
		expect(response.headers).toMatchObject({ location: `${service.origin}/message/1`, ttl: "1" });
		expect(pushes).toMatchObject([{ message: expect.any(String) as string, entry: { to: "Browser", payload: {} } }]);
	});

	it("sees the address, and every value of a header", async () => {
		const { headers, ...rest } = pushRequest();
		expect((await post({ ...rest, headers, url: `${rest.url}/x` })).statusCode).toBe(404);
		const [, port] = /:(\d+)$/.exec(service.origin)!;
		const socket = connect({ host: "127.0.0.1", port: Number(port), servername: "localhost", ca });
		socket.end(`POST ${new URL(rest.url).pathname} HTTP/1.1\r\nHost: x\r\nTTL: 1\r\nTTL: 2\r\nConnection: close\r\n\r\n`);
		await once(socket.resume(), "close");
		expect(pushes.map(({ entry }) => entry)).toMatchObject([
			{ url: `${rest.url}/x`, answer: "404 there is no such subscription" },
			{ url: rest.url, headers: { host: "x", ttl: "1, 2" } },
		]);
	});

	it("was posted nothing if the connection breaks before all of it is there", async () => {
		const [, port] = /:(\d+)$/.exec(service.origin)!;
		const socket = connect({ host: "127.0.0.1", port: Number(port), servername: "localhost", ca });
		await once(socket, "secureConnect");
		const before = service.moved;
		socket.write("POST /push/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
		await expect.poll(() => service.moved).toBeGreaterThan(before);
		socket.destroy();
		expect((await post(pushRequest())).statusCode).toBe(201);
		expect(pushes).toHaveLength(1);
	});

	it("tells whether anything has moved, a handshake for one", async () => {
		const moved = [service.moved];
		const [, port] = /:(\d+)$/.exec(service.origin)!;
		const socket = connect({ host: "127.0.0.1", port: Number(port), servername: "localhost", ca });
		await once(socket, "secureConnect");
		moved.push(service.moved);
		socket.end();
		await once(socket.resume(), "close");
		await expect.poll(() => service.moved).toBeGreaterThan(moved[1]!);
		expect(moved[1]).toBeGreaterThan(1000);
	});

	it("refuses connections while it is down, breaks those that there are, and comes back at the same place", async () => {
		await post(pushRequest());
		service.answer({ with: "nothing" });
		const waiting = post(pushRequest()).catch((error: Error) => error.message);
		await expect.poll(() => pushes.length).toBe(2);
		await service.disconnect();
		expect(service.connected).toBe(false);
		expect(await waiting).toBe("socket hang up");
		await expect(post(pushRequest())).rejects.toThrow("ECONNREFUSED");
		await expect(service.disconnect()).rejects.toThrow("The push service Browser is down already");
		await service.connect();
		service.answer({ with: "status", status: 201 });
		expect((await post(pushRequest())).statusCode).toBe(201);
	});
});
